#include "arch/channel_graph.h"

#include <algorithm>
#include <array>
#include <bit>

#include "support/error.h"

namespace tilewright {
namespace {

constexpr std::int32_t kMaxSide = 64;  // coordinates have 6 bits
constexpr int kPorts = 5;
constexpr int kOut = 6;  // channels a node: its outputs by port (Local: ejection), and injection
constexpr int kEject = 4, kInject = 5;
constexpr std::uint8_t kOutside = 255;  // no router there
constexpr std::array<const char*, kOut> kNames = {"north", "east",  "south",
                                                  "west",  "eject", "inject"};
constexpr std::array<MeshNode, 4> kSteps = {MeshNode{0, -1}, MeshNode{1, 0}, MeshNode{0, 1},
                                            MeshNode{-1, 0}};

std::string name_of(MeshNode at) {
  return "(" + std::to_string(at.x) + ", " + std::to_string(at.y) + ")";
}

std::uint8_t bit(std::uint8_t port) {
  return static_cast<std::uint8_t>(1U << port);
}

class Graph {
 public:
  Graph(std::int32_t width, std::int32_t height) : width_(width), height_(height) {
    const auto w = static_cast<std::size_t>(width), h = static_cast<std::size_t>(height);
    asks_.resize(w * h * kOut + 1);
    next_.resize((w + 2) * (h + 2), kOutside);
    offsets_ = {0 - (w + 2), 1, w + 2, std::size_t{0} - 1, 0};
  }

  // Adds what packets to `to` hold and ask for, from any source.
  void add_destination(MeshNode to, RouteFunction route);
  ChannelCheck check() const;

 private:
  bool inside(MeshNode at) const {
    return at.x >= 0 && at.x < width_ && at.y >= 0 && at.y < height_;
  }
  std::size_t index(MeshNode at) const {
    return static_cast<std::size_t>(at.y) * static_cast<std::size_t>(width_) +
           static_cast<std::size_t>(at.x);
  }
  MeshNode node(std::size_t index) const {
    const auto i = static_cast<std::int32_t>(index);
    return {i % width_, i / width_};
  }
  MeshNode ahead(MeshNode at, int port) const {
    const MeshNode step = kSteps[static_cast<std::size_t>(port)];
    return {at.x + step.x, at.y + step.y};
  }

  // Index in a grid with a border around it.
  std::size_t padded(MeshNode at) const {
    return static_cast<std::size_t>(at.y + 1) * static_cast<std::size_t>(width_ + 2) +
           static_cast<std::size_t>(at.x + 1);
  }

  void add_hops(MeshNode to);
  void check_end(MeshNode at, std::uint8_t port, MeshNode to) const;
  std::size_t host_channel() const { return asks_.size() - 1; }
  std::size_t node_behind(std::size_t channel) const;
  bool exists(std::size_t channel) const;
  std::string channel_name(std::size_t channel) const;
  std::vector<std::size_t> find_cycle() const;

  std::int32_t width_, height_;
  std::vector<std::uint8_t> asks_;  // by channel, the host's last: ports that it may ask for
  std::vector<std::uint8_t> next_;  // by padded node: port towards the present destination
  std::array<std::size_t, kPorts> offsets_{};  // by port: to the padded node ahead
};

// The hot loop: a pair of source and destination a turn.
void Graph::add_hops(MeshNode to) {
  for (std::int32_t y = 0; y < height_; ++y) {
    std::size_t channel = index({0, y}) * kOut;
    std::size_t at = padded({0, y});
    for (std::int32_t x = 0; x < width_; ++x, ++at, channel += kOut) {
      const std::uint8_t port = next_[at];
      const std::uint8_t asked = next_[at + offsets_[port]];
      asks_[channel + kInject] |= bit(port);
      if (asked == kOutside || port == kEject) {
        check_end({x, y}, port, to);
      } else {
        asks_[channel + port] |= bit(asked);
      }
    }
  }
}

// A route may end at its destination alone: ejected there, or as a packet to the host by its link.
void Graph::check_end(MeshNode at, std::uint8_t port, MeshNode to) const {
  const MeshNode end = port == kEject ? at : ahead(at, port);
  if (end.x != to.x || end.y != to.y) {
    throw Error("TW-ARCH-002", "the route to " + name_of(to) + " ends elsewhere or leaves the mesh",
                name_of(at));
  }
}

void Graph::add_destination(MeshNode to, RouteFunction route) {
  for (std::int32_t y = 0; y < height_; ++y) {
    const std::size_t row = padded({0, y});
    for (std::int32_t x = 0; x < width_; ++x) {
      next_[row + static_cast<std::size_t>(x)] = static_cast<std::uint8_t>(route({x, y}, to));
    }
  }
  add_hops(to);
  if (inside(to)) {
    asks_[host_channel()] |= bit(next_[padded({0, 0})]);
  }
}

// Index of the node whose router the channel ends at; none for ejection and the link to the host.
std::size_t Graph::node_behind(std::size_t channel) const {
  if (channel == host_channel()) return 0;
  const auto port = static_cast<int>(channel % kOut);
  const MeshNode at = node(channel / kOut);
  return port == kInject ? index(at) : index(ahead(at, port));
}

bool Graph::exists(std::size_t channel) const {
  if (channel == host_channel()) return true;
  const auto port = static_cast<int>(channel % kOut);
  const MeshNode at = node(channel / kOut);
  if (port >= kEject) return true;
  const MeshNode beyond = ahead(at, port);
  const bool to_host = beyond.x == 0 && beyond.y == height_ && height_ < kMaxSide;
  return inside(beyond) || to_host;
}

std::string Graph::channel_name(std::size_t channel) const {
  if (channel == host_channel()) return "host";
  return name_of(node(channel / kOut)) + " " + kNames[channel % kOut];
}

// Depth first; a channel met again while it is still on the path closes a cycle.
std::vector<std::size_t> Graph::find_cycle() const {
  enum : std::uint8_t { kNew, kOnPath, kDone };
  std::vector<std::uint8_t> state(asks_.size(), kNew);
  std::vector<std::uint8_t> left = asks_;  // ports not yet followed
  std::vector<std::size_t> path;
  for (std::size_t root = 0; root < asks_.size(); ++root) {
    if (state[root] != kNew) continue;
    path.assign(1, root);
    state[root] = kOnPath;
    while (!path.empty()) {
      const std::size_t channel = path.back();
      std::uint8_t& ports = left[channel];
      if (ports == 0) {
        state[channel] = kDone;
        path.pop_back();
        continue;
      }
      const auto port = static_cast<std::size_t>(std::countr_zero(ports));
      ports = static_cast<std::uint8_t>(ports & (ports - 1U));
      const std::size_t asked = node_behind(channel) * kOut + port;
      if (state[asked] == kOnPath) {
        path.erase(path.begin(), std::find(path.begin(), path.end(), asked));
        return path;
      }
      if (state[asked] == kNew) {
        state[asked] = kOnPath;
        path.push_back(asked);
      }
    }
  }
  return {};
}

ChannelCheck Graph::check() const {
  ChannelCheck result;
  for (std::size_t channel = 0; channel < asks_.size(); ++channel) {
    result.channels += exists(channel) ? 1 : 0;
    result.dependencies += std::popcount(asks_[channel]);
  }
  for (const std::size_t channel : find_cycle()) {
    result.cycle.push_back(channel_name(channel));
  }
  return result;
}

}  // namespace

Port route_xy(MeshNode at, MeshNode to) {
  if (to.x > at.x) return Port::kEast;
  if (to.x < at.x) return Port::kWest;
  if (to.y > at.y) return Port::kSouth;
  if (to.y < at.y) return Port::kNorth;
  return Port::kLocal;
}

ChannelCheck check_channels(std::int32_t width, std::int32_t height, RouteFunction route) {
  if (width < 1 || width > kMaxSide || height < 1 || height > kMaxSide) {
    throw Error("TW-ARCH-002", "mesh sides are not 1 to 64",
                std::to_string(width) + " x " + std::to_string(height));
  }
  Graph graph(width, height);
  for (std::int32_t y = 0; y < height; ++y) {
    for (std::int32_t x = 0; x < width; ++x) {
      graph.add_destination({x, y}, route);
    }
  }
  if (height < kMaxSide) graph.add_destination({0, height}, route);
  return graph.check();
}

}  // namespace tilewright
