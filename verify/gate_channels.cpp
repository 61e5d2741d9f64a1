// Deadlock freedom of the network that the folder holds: its routing is the one that the graph of
// channels (arch/channel_graph.h) is made from, and that graph, for its mesh, has no cycle.
#include <cctype>
#include <charconv>

#include "arch/channel_graph.h"
#include "support/error.h"
#include "support/file.h"
#include "verify/artifact.h"
#include "verify/gates.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxSource = 1 << 20;

// route_xy of arch/channel_graph.cpp as the RTL has it, without blanks.
constexpr const char* kRouting =
    "route_xy='0;"
    "if(dst_x>x)route_xy[PORT_EAST]=1'b1;"
    "elseif(dst_x<x)route_xy[PORT_WEST]=1'b1;"
    "elseif(dst_y>y)route_xy[PORT_SOUTH]=1'b1;"
    "elseif(dst_y<y)route_xy[PORT_NORTH]=1'b1;"
    "elseroute_xy[PORT_LOCAL]=1'b1;"
    "endfunction";

Error unreadable(const std::string& what, const fs::path& where) {
  return Error("TW-VERIFY-002", what, where.string(), "compile the model again", ErrorKind::kCheck);
}

// The body of the routing function, without blanks.
std::string routing_of(const fs::path& package) {
  const std::string text = read_file(package, kMaxSource);
  const std::size_t begin = text.find("route_xy = '0;");
  const std::size_t end = text.find("endfunction", begin);
  if (begin == text.npos || end == text.npos) {
    throw unreadable("no function route_xy", package);
  }
  std::string body;
  for (const char c : text.substr(begin, end - begin) + "endfunction") {
    if (std::isspace(static_cast<unsigned char>(c)) == 0) body += c;
  }
  return body;
}

std::int32_t parameter(const fs::path& package, const std::string& name) {
  const std::string text = read_file(package, kMaxSource);
  const std::string before = "localparam int " + name + " = ";
  const std::size_t at = text.find(before);
  std::int32_t value = 0;
  if (at != text.npos) {
    const char* first = text.data() + at + before.size();
    const auto [end, error] = std::from_chars(first, text.data() + text.size(), value);
    if (error == std::errc() && end != text.data() + text.size() && *end == ';') return value;
  }
  throw unreadable("no number " + name, package);
}

}  // namespace

GateResult gate_channels(const fs::path& folder, const GateOptions&) {
  if (!fs::exists(folder / "rtl/filelist.f")) {
    return not_run("the folder holds no RTL");
  }
  const RtlSources rtl = read_rtl_sources(folder);
  const std::string id = rtl.top.substr(0, rtl.top.rfind("_top"));
  const fs::path package = rtl.folder / (id + "_pkg.sv");
  const std::int32_t w = parameter(package, "MESH_W"), h = parameter(package, "MESH_H");
  const ChannelCheck check = check_channels(w, h);
  const std::string figure = std::to_string(w) + " x " + std::to_string(h) + " tiles, " +
                             std::to_string(check.channels) + " channels, " +
                             std::to_string(check.dependencies) + " dependencies";
  if (routing_of(rtl.folder / "tcc_noc_pkg.sv") != kRouting) {
    return failed(figure, "tcc_noc_pkg.sv: route_xy is not the routing that this graph is made of");
  }
  if (!check.cycle.empty()) {
    return failed(figure, "a cycle from " + check.cycle.front());
  }
  return passed(figure + ", no cycle");
}

}  // namespace tilewright
