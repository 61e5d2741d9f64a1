// Ranks over MPI: the only file that includes mpi.h.
#include <mpi.h>

#include <list>

#include "cluster/ranks.h"
#include "support/error.h"

namespace tilewright {
namespace {

constexpr int kTag = 1;

void check(int code) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw Error("TW-CLUSTER-002", std::string(text, static_cast<std::size_t>(length)), "MPI",
              "see that mpirun works on these machines");
}

class MpiRanks : public Ranks {
 public:
  MpiRanks() {
    int provided = 0;
    check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided));
    check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN));
    check(MPI_Comm_rank(MPI_COMM_WORLD, &rank_));
    check(MPI_Comm_size(MPI_COMM_WORLD, &size_));
  }
  int rank() const override { return rank_; }
  int size() const override { return size_; }

  void send(int to, const Words& words) override {
    forget_what_is_sent();
    Sending& sending = sendings_.emplace_back(Sending{words, MPI_REQUEST_NULL});
    const int code = MPI_Isend(sending.words.data(), static_cast<int>(words.size()), MPI_INT64_T,
                               to, kTag, MPI_COMM_WORLD, &sending.request);
    if (code != MPI_SUCCESS) sendings_.pop_back();  // a rank that died: the caller notices
  }

  std::optional<Message> receive() override {
    int is_there = 0;
    MPI_Status status;
    check(MPI_Iprobe(MPI_ANY_SOURCE, kTag, MPI_COMM_WORLD, &is_there, &status));
    if (is_there == 0) return std::nullopt;
    Message message;
    message.from = status.MPI_SOURCE;
    check(MPI_Recv(message.words.data(), static_cast<int>(message.words.size()), MPI_INT64_T,
                   message.from, kTag, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    return message;
  }

  void finish() override {
    for (Sending& sending : sendings_) check(MPI_Wait(&sending.request, MPI_STATUS_IGNORE));
    check(MPI_Finalize());
  }

 private:
  struct Sending {
    Words words;
    MPI_Request request;
  };

  void forget_what_is_sent() {
    sendings_.remove_if([](Sending& sending) {
      int is_done = 0;
      return MPI_Test(&sending.request, &is_done, MPI_STATUS_IGNORE) != MPI_SUCCESS || is_done != 0;
    });
  }

  int rank_ = 0, size_ = 1;
  std::list<Sending> sendings_;  // their places don't move while MPI reads them
};

}  // namespace
}  // namespace tilewright

extern "C" tilewright::Ranks* tilewright_make_mpi_ranks() {
  return new tilewright::MpiRanks;
}
