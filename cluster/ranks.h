// The processes of one MPI launch, as places that exchange small messages. The program needs no
// MPI: the library that does is opened when a launcher started this process.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace tilewright {

using Words = std::array<std::int64_t, 3>;

struct Message {
  int from = 0;
  Words words{};
};

class Ranks {
 public:
  virtual ~Ranks() = default;
  virtual int rank() const = 0;  // 0 <= rank() < size()
  virtual int size() const = 0;
  // Neither waits. Messages from one rank arrive in the order sent; one to a rank that has died is
  // lost.
  virtual void send(int to, const Words& words) = 0;
  virtual std::optional<Message> receive() = 0;
  // Waits until every rank calls it; no message is exchanged afterwards. Not when a rank has died.
  virtual void finish() = 0;
};

// Whether the environment says that a launcher (mpirun, srun --mpi=pmix) started this process.
bool is_launched();

// For the rest of the process; at most once. Throws Error TW-CLUSTER-001 when the library is
// missing or does not load, TW-CLUSTER-002 when MPI can't be started.
std::unique_ptr<Ranks> open_ranks();

// The one symbol of that library. May throw Error.
using MakeRanks = Ranks* (*)();
inline constexpr const char* kMakeRanks = "tilewright_make_mpi_ranks";

}  // namespace tilewright
