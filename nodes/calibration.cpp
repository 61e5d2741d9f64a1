#include "nodes/calibration.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "support/error.h"

namespace tilewright {

const char* mode_name(Mode mode) {
  return mode == Mode::kHighPerformance ? "high-performance" : "low-power";
}

Mode parse_mode(const std::string& text) {
  for (const Mode mode : {Mode::kHighPerformance, Mode::kLowPower}) {
    if (text == mode_name(mode)) return mode;
  }
  throw Error("TW-NODE-001", "'" + text + "' is not a mode", "--mode",
              "take high-performance or low-power");
}

std::string ProcessNode::name() const {
  char buffer[32];
  const auto end = std::to_chars(buffer, std::end(buffer), nm);
  return std::string(buffer, end.ptr) + "nm";
}

const Band& Scalars::band(const std::string& key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) {
    throw Error("TW-NODE-004", "the constant '" + key + "' is missing", "calibration",
                "add it to calibration.toml, or to every node");
  }
  return found->second;
}

double Scalars::get_or(const std::string& key, double fallback) const {
  const auto found = values_.find(key);
  return found == values_.end() ? fallback : found->second.value;
}

void Scalars::set(const std::string& key, const Band& band, const std::string& where) {
  values_[key] = band;
  if (!where.empty()) where_[key] = where;
}

std::string Scalars::where(const std::string& key) const {
  const auto found = where_.find(key);
  return found == where_.end() ? key : found->second;
}

namespace {

// Geometric interpolation in ln nm: every column is a positive quantity that scales by factors.
double between(double lo, double hi, double t) {
  return std::exp((1 - t) * std::log(lo) + t * std::log(hi));
}

ProcessNode interpolate(const ProcessNode& a, const ProcessNode& b, double nm) {
  const double t = std::log(nm / a.nm) / std::log(b.nm / a.nm);
  ProcessNode node;
  node.nm = nm;
  node.interpolated = true;
  for (const auto& [key, lo] : a.columns.all()) {
    const Band& hi = b.columns.band(key);
    node.columns.set(
        key, {between(lo.value, hi.value, t), between(lo.lo, hi.lo, t), between(lo.hi, hi.hi, t)});
  }
  return node;
}

double parse_nm(const std::string& text) {
  std::string number = text;
  if (number.ends_with("nm")) number.resize(number.size() - 2);
  double nm = 0;
  const auto* end = number.data() + number.size();
  const auto result = std::from_chars(number.data(), end, nm);
  if (result.ec != std::errc() || result.ptr != end || !std::isfinite(nm)) {
    throw Error("TW-NODE-005", "'" + text + "' is not a process node", "--node", "write 7nm, say");
  }
  return nm;
}

}  // namespace

NodeEntry find_node(const Calibration& calibration, const std::string& text) {
  const double nm = parse_nm(text);
  const auto& nodes = calibration.nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].node.nm == nm) return nodes[i];
    if (i + 1 < nodes.size() && nodes[i].node.nm < nm && nm < nodes[i + 1].node.nm) {
      const bool nearer_lower = nm - nodes[i].node.nm <= nodes[i + 1].node.nm - nm;
      NodeEntry entry = nearer_lower ? nodes[i] : nodes[i + 1];
      entry.node = interpolate(nodes[i].node, nodes[i + 1].node, nm);
      return entry;
    }
  }
  throw Error("TW-NODE-005",
              "'" + text + "' is outside the node table of calibration '" + calibration.name + "'",
              "--node",
              "take a node from " + nodes.front().node.name() + " to " + nodes.back().node.name());
}

}  // namespace tilewright
