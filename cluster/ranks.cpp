#include "cluster/ranks.h"

#include <cstdlib>

#include "support/plugin.h"

namespace tilewright {

bool is_launched() {
  for (const char* variable : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return true;
  }
  return false;
}

std::unique_ptr<Ranks> open_ranks() {
  void* make = plugin_symbol("libtilewright_mpi.so", kMakeRanks,
                             {"TW-CLUSTER-001",
                              "build Tilewright where Open MPI is installed (libopenmpi-dev), or "
                              "run it without a launcher"});
  return std::unique_ptr<Ranks>(reinterpret_cast<MakeRanks>(make)());
}

}  // namespace tilewright
