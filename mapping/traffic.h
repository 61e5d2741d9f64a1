// Bytes over the network of a placement: hops, the busiest link, the steps of the critical path.
#pragma once

#include <array>
#include <vector>

#include "mapping/network.h"
#include "mapping/place.h"

namespace tilewright {

class TrafficCount {
 public:
  // `network`: of the request, without load.
  Traffic count(const PlaceInputs& in, const Walk& walk, const std::vector<std::int32_t>& first,
                Network& network);

 private:
  // Sample routes between two runs: from the middles of their quarters.
  static constexpr std::size_t kPairs = 4;

  void reset(const PlaceInputs& in, const Walk& walk);
  double count_edge(const PlaceInputs& in, const GroupEdge& edge, const Group& to,
                    std::int32_t from_first, std::int32_t to_first, Traffic& traffic);
  void add_along(std::int32_t first, std::int32_t count, double bytes);
  void route_along();

  Network* network_ = nullptr;
  const MeshPoint* walk_ = nullptr;
  std::int32_t tiles_ = 1;
  double step_ = 1, step_time_ = 1;  // mean hops between positions that follow each other
  std::array<std::array<std::int32_t, kPairs>, 3> samples_{};  // offsets in a run, by class
  std::array<double, 3> spread_{};                             // hops through a run, by class
  std::vector<double> along_;  // bytes from a position to the next, as changes
};

}  // namespace tilewright
