// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// A square mesh of tcc_router, one model object a router; every router output is a flop, so links
// are exchanged between edges. The Local ports are the bench's.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {

class RouterMesh {
 public:
  using F = Flit<64>;
  static constexpr std::uint32_t kLocal = 4;

  RouterMesh(std::uint32_t side, Verdict& verdict) : side_(side), verdict_(verdict) {
    for (std::uint32_t node = 0; node < nodes(); ++node) {
      auto router = std::make_unique<Vdut>();
      router->x_i = static_cast<std::uint8_t>(node % side_);
      router->y_i = static_cast<std::uint8_t>(node / side_);
      router->in_valid_i = 0;
      router->out_ready_i = 0;
      reset(*router);
      routers_.push_back(std::move(router));
      neighbours_.push_back(mesh_neighbours(node, side_, side_));
    }
  }

  std::uint32_t side() const { return side_; }
  std::uint32_t nodes() const { return side_ * side_; }

  // Sets the link inputs of every router from the registered outputs of its neighbours; returns
  // how many flits the coming edge moves from router to router.
  std::uint64_t exchange_links() {
    std::uint64_t moved = 0;
    for (std::uint32_t node = 0; node < nodes(); ++node) {
      Vdut& router = *routers_[node];
      std::uint32_t valid = router.in_valid_i & (1U << kLocal);
      std::uint32_t ready = router.out_ready_i & (1U << kLocal);
      for (std::uint32_t port = 0; port < kLocal; ++port) {
        const auto neighbour = neighbours_[node][port];
        if (!neighbour) {
          ready |= 1U << port;
          verdict_.expect((router.out_valid_o & (1U << port)) == 0, "a flit leaves the mesh", node);
          continue;
        }
        const Vdut& other = *routers_[*neighbour];
        const std::uint32_t facing = (port + 2) % 4;
        if ((other.out_valid_o >> facing) & 1U) {
          valid |= 1U << port;
          drive(router.in_flit_i[port], sample<F>(other.out_flit_o[facing]));
          moved += (router.in_ready_o >> port) & 1U;
        }
        if ((other.in_ready_o >> facing) & 1U) ready |= 1U << port;
      }
      router.in_valid_i = static_cast<std::uint8_t>(valid);
      router.out_ready_i = static_cast<std::uint8_t>(ready);
    }
    return moved;
  }

  // Whether the flit offered to the node's Local input is taken at the coming edge.
  bool inject(std::uint32_t node, const std::optional<F>& flit) {
    Vdut& router = *routers_[node];
    if (flit) drive(router.in_flit_i[kLocal], *flit);
    router.in_valid_i = static_cast<std::uint8_t>((router.in_valid_i & ~(1U << kLocal)) |
                                                  (flit ? 1U << kLocal : 0U));
    return flit && ((router.in_ready_o >> kLocal) & 1U) != 0;
  }

  // The flit that leaves at the node's Local output at the coming edge, if the sink is ready.
  std::optional<F> eject(std::uint32_t node, bool ready) {
    Vdut& router = *routers_[node];
    router.out_ready_i = static_cast<std::uint8_t>((router.out_ready_i & ~(1U << kLocal)) |
                                                   (ready ? 1U << kLocal : 0U));
    if (!ready || ((router.out_valid_o >> kLocal) & 1U) == 0) return std::nullopt;
    return sample<F>(router.out_flit_o[kLocal]);
  }

  void clock_all() {
    for (auto& router : routers_) clock(*router);
  }

 private:
  std::uint32_t side_;
  Verdict& verdict_;
  std::vector<std::unique_ptr<Vdut>> routers_;
  std::vector<std::array<std::optional<std::uint32_t>, 4>> neighbours_;
};

}  // namespace tilewright::rtl
