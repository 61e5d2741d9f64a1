// Bytes over the network of a placement: hops, the busiest link, the steps of the critical path.
#pragma once

#include <array>
#include <vector>

#include "mapping/place.h"

namespace tilewright {

class TrafficCount {
 public:
  Traffic count(const PlaceInputs& in, const Walk& walk, const std::vector<std::int32_t>& first);
  // The links of the last count, by tile index.
  void list_links(std::vector<TileLinks>& out) const;

 private:
  // Sample routes between two runs: from the middles of their quarters.
  static constexpr std::size_t kPairs = 4;

  void reset(const PlaceInputs& in, const Walk& walk);
  double count_edge(const PlaceInputs& in, const GroupEdge& edge, const Group& to,
                    std::int32_t from_first, std::int32_t to_first, Traffic& traffic);
  double hops(MeshPoint a, MeshPoint b) const;
  void route(MeshPoint from, MeshPoint to, double bytes);
  void add_along(std::int32_t first, std::int32_t count, double bytes);
  void route_along();
  double busiest();

  const MeshPoint* walk_ = nullptr;
  std::int32_t w_ = 1, h_ = 1, tiles_ = 1;
  double step_ = 1;  // mean hops between positions that follow each other
  std::array<std::array<std::int32_t, kPairs>, 3> samples_{};  // offsets in a run, by class
  std::array<double, 3> spread_{};                             // hops through a run, by class
  std::vector<double> hops_x_, hops_y_;  // of a distance along an axis, by distance
  // Bytes over every directed link: east and west by x, then y; south and north by y, then x. So
  // lines lie side by side, and their sums are taken as vectors. First as changes along the line,
  // after busiest() as the bytes between a place and the next.
  std::array<std::vector<double>, 4> links_;
  std::vector<double> along_, most_;  // bytes from a position to the next, as changes
};

}  // namespace tilewright
