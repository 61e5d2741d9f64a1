#include "arch/topology.h"

#include <array>
#include <charconv>
#include <cmath>

#include "support/error.h"
#include "support/table.h"

namespace tilewright {
namespace {

struct Parameter {
  const char* key;
  double least, most;
  std::int32_t Topology::*count;  // a whole number, or
  double Topology::*ratio;
};
constexpr Parameter kCluster{"cluster", 2, 16, &Topology::cluster, nullptr},
    kColumns{"columns", 1, 1024, &Topology::columns, nullptr},
    kWidth{"width", 1.0 / 64, 64, nullptr, &Topology::width},
    kLatency{"latency", 1, 64, nullptr, &Topology::latency},
    kEnergy{"energy", 0, 100, nullptr, &Topology::energy_pj_bit};

struct Kind {
  const char* name;
  Topology usual;
  std::array<const Parameter*, 4> parameters;
};
constexpr Kind kKinds[] = {
    {"mesh", {}, {}},
    {"torus", {.kind = TopologyKind::kTorus}, {}},
    {"ring", {.kind = TopologyKind::kRing}, {}},
    {"hierarchical", {.kind = TopologyKind::kHierarchical}, {&kCluster, &kWidth}},
    {"chiplets",
     {.kind = TopologyKind::kChiplets, .width = 0.5, .latency = 2},
     {&kColumns, &kWidth, &kLatency, &kEnergy}}};

const Kind& kind_of(const Topology& topology) {
  return kKinds[static_cast<std::size_t>(topology.kind)];
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error("TW-ARCH-003", what, "--topology",
              "take mesh, torus, ring, hierarchical[:cluster=4,width=1] or "
              "chiplets[:columns=8,width=0.5,latency=2,energy=PJ_PER_BIT]");
}

void set(Topology& topology, const Kind& kind, const std::string& setting) {
  const std::size_t equals = setting.find('=');
  const std::string key = setting.substr(0, equals);
  for (const Parameter* parameter : kind.parameters) {
    if (parameter == nullptr || parameter->key != key) continue;
    double value = 0;
    const char* last = setting.data() + setting.size();
    const char* first = equals == std::string::npos ? last : setting.data() + equals + 1;
    const auto parsed = std::from_chars(first, last, value);
    const bool whole = parameter->count == nullptr || value == std::floor(value);
    if (parsed.ec != std::errc() || parsed.ptr != last || !whole || !(value >= parameter->least) ||
        !(value <= parameter->most)) {
      refuse("'" + setting + "' is not a " + (parameter->count ? "whole " : "") + "number from " +
             format_number({parameter->least}) + " to " + format_number({parameter->most}));
    }
    if (parameter->count != nullptr) {
      topology.*parameter->count = static_cast<std::int32_t>(value);
    } else {
      topology.*parameter->ratio = value;
    }
    return;
  }
  refuse("a topology of the kind " + std::string(kind.name) + " has no setting '" + key + "'");
}

}  // namespace

Topology parse_topology(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  for (const Kind& kind : kKinds) {
    if (kind.name != name) continue;
    Topology topology = kind.usual;
    for (std::size_t at = colon; at != std::string::npos;) {
      const std::size_t end = text.find(',', at + 1);
      set(topology, kind, text.substr(at + 1, end == std::string::npos ? end : end - at - 1));
      at = end;
    }
    return topology;
  }
  refuse("there is no topology '" + name + "'");
}

std::string to_text(const Topology& topology) {
  const Kind& kind = kind_of(topology);
  std::string text = kind.name;
  char before = ':';
  for (const Parameter* parameter : kind.parameters) {
    if (parameter == nullptr || (parameter == &kEnergy && topology.energy_pj_bit == 0)) continue;
    const double value =
        parameter->count != nullptr ? topology.*parameter->count : topology.*parameter->ratio;
    text += before + std::string(parameter->key) + "=" + format_number({value});
    before = ',';
  }
  return text;
}

std::string not_emitted(const Topology& topology) {
  if (topology.mesh()) return "";
  return "the routers of the library are a mesh's, and its route is not the one of topology " +
         to_text(topology) + "; the design is judged, not built";
}

}  // namespace tilewright
