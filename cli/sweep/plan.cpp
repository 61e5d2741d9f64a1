#include "cli/sweep/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "support/error.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

// The stem of the file, or the built-in name, which holds dots: of letters that no shell, LaTeX or
// file system takes for anything else, and never hidden.
std::string label_of(const std::string& model) {
  const fs::path file = fs::path(model).filename();
  const bool is_file = file.extension() == ".onnx" || file.extension() == ".json";
  std::string label = (is_file ? file.stem() : file).string();
  for (char& c : label) c = is_plain(c) ? c : '_';
  while (!label.empty() && (label[0] == '.' || label[0] == '-')) label.erase(0, 1);
  constexpr std::size_t kMost = 64;  // a file name has room for the rest
  return label.empty() ? "model" : label.substr(0, kMost);
}

// One label a model; models of one name are counted in the order given.
std::map<std::string, std::string> labels_of(const std::vector<SweepWorkload>& workloads) {
  std::map<std::string, std::string> labels;
  std::set<std::string> taken;
  for (const SweepWorkload& workload : workloads) {
    if (labels.contains(workload.model)) continue;
    const std::string plain = label_of(workload.model);
    std::string label = plain;
    for (int n = 2; !taken.insert(label).second; ++n) label = fmt::format("{}-{}", plain, n);
    labels[workload.model] = label;
  }
  return labels;
}

// What may stand behind the last '@': no path does.
bool looks_like_modes(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || c == '-' || c == ',';
  });
}

std::string name_of(const std::string& label, const std::string& node, const std::string& mode,
                    std::uint64_t seed) {
  return fmt::format("{}-{}-{}-seed{}", label, node, mode, seed);
}

}  // namespace

SearchJob make_job(std::string name, std::string workload, CompileOptions compile,
                   const fs::path& folder) {
  SearchJob job{std::move(name), std::move(workload), std::move(compile), {}, {}};
  job.compile.target = with_defaults(job.compile.target, default_target());
  job.compile.output = (folder / "jobs" / job.name).string();
  job.log = folder / "jobs" / (job.name + ".log");
  return job;
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

SweepWorkload parse_workload(const std::string& text, const std::vector<std::string>& modes) {
  SweepWorkload workload{text, modes};
  const std::size_t at = text.rfind('@');
  if (at != std::string::npos && looks_like_modes(text.substr(at + 1)))
    workload = {text.substr(0, at), split_list(text.substr(at + 1))};
  for (std::string& mode : workload.modes) mode = mode_name(parse_mode(mode));
  return workload;
}

std::vector<std::string> parse_nodes(const std::string& text, const Calibration& calibration) {
  std::vector<std::string> nodes;
  if (text == "all") {
    for (const NodeEntry& entry : calibration.nodes) nodes.push_back(entry.node.name());
  } else {
    for (const std::string& node : split_list(text))
      nodes.push_back(find_node(calibration, node).node.name());
  }
  return nodes;
}

std::vector<SearchJob> plan_sweep(const SweepRequest& request, const fs::path& folder) {
  const std::map<std::string, std::string> labels = labels_of(request.workloads);
  std::vector<SearchJob> jobs;
  std::map<std::string, std::size_t> planned;  // by name
  const auto add = [&](const SweepWorkload& workload, const std::string& mode,
                       const std::string& node, const std::string* earlier, std::uint64_t seed) {
    const std::string& label = labels.at(workload.model);
    CompileOptions compile = request.compile;
    compile.model.model = workload.model;
    compile.target.node = node;
    compile.target.mode = mode;
    compile.common.seed = seed;
    SearchJob job = make_job(name_of(label, node, mode, seed), label, std::move(compile), folder);
    if (!planned.try_emplace(job.name, jobs.size()).second) return;
    if (earlier != nullptr) {
      job.after = planned.at(name_of(label, *earlier, mode, seed));
      job.compile.warm_start = jobs[*job.after].compile.output;
    }
    jobs.push_back(std::move(job));
  };
  for (const SweepWorkload& workload : request.workloads) {
    for (const std::string& mode : workload.modes) {
      const std::string* earlier = nullptr;
      for (const std::string& node : request.nodes) {
        for (std::int64_t s = 0; s < request.seeds; ++s) {
          add(workload, mode, node, earlier,
              request.compile.common.seed + static_cast<std::uint64_t>(s));
        }
        if (request.continued) earlier = &node;
      }
    }
  }
  if (jobs.empty()) {
    throw Error("TW-CLI-017", "there is nothing to sweep", "MODEL, --nodes, --modes",
                "name at least one of each");
  }
  return jobs;
}

}  // namespace tilewright
