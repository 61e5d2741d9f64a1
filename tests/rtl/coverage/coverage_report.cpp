// Line and toggle coverage of the RTL library over a regression that ran with coverage.
//   coverage_report --data DIR --rtl DIR --exceptions FILE --out DIR
// Reads every coverage.dat below the data's folder; writes coverage.csv (a row a module) and
// missed.txt (every point that was not reached and is no exception). Exit status 1 below the
// floors, or when an exception excuses nothing.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <regex>
#include <vector>

#include "coverage_data.h"

namespace tilewright::rtl {
namespace {

namespace fs = std::filesystem;
constexpr double kLeastLines = 98, kLeastToggles = 90;  // per cent

// Points that can't be reached, and why. A line is known by its text, a toggle by its name.
struct Exception {
  std::string module, kind;
  std::regex what;
  std::string text, reason;
  int used = 0;
};

std::vector<Exception> read_exceptions(const fs::path& file) {
  std::ifstream stream(file);
  std::vector<Exception> exceptions;
  for (const auto& e : nlohmann::json::parse(stream)) {
    const auto text = e.at("what").get<std::string>();
    exceptions.push_back({e.at("module"), e.at("kind"), std::regex(text), text, e.at("reason")});
  }
  return exceptions;
}

class Sources {
 public:
  explicit Sources(fs::path folder) : folder_(std::move(folder)) {}
  const std::string& line(const std::string& module, int number) {
    auto& lines = files_[module];
    if (lines.empty()) {
      std::ifstream stream(folder_ / (module + ".sv"));
      for (std::string text; std::getline(stream, text);) lines.push_back(text);
    }
    return lines.at(static_cast<std::size_t>(number - 1));
  }

 private:
  fs::path folder_;
  std::map<std::string, std::vector<std::string>> files_;
};

struct Share {
  int reached = 0, excused = 0, all = 0;
  double per_cent() const {
    const int counted = all - excused;
    return counted == 0 ? 100 : 100.0 * reached / counted;
  }
};
struct Shares {
  Share lines, toggles;
};

bool excused(const Point& point, const std::string& text, std::vector<Exception>& exceptions) {
  for (Exception& e : exceptions) {
    const bool same_kind = (e.kind == "toggle") == (point.kind == PointKind::kToggle);
    if (!same_kind || (e.module != "*" && e.module != point.module)) continue;
    if (!std::regex_search(text, e.what)) continue;
    ++e.used;
    return true;
  }
  return false;
}

std::string csv(const std::map<std::string, Shares>& modules) {
  std::string text =
      "module,lines,lines reached,lines excused,line %,toggles,toggles reached,toggles "
      "excused,toggle %\n";
  for (const auto& [module, s] : modules) {
    text += fmt::format("{},{},{},{},{:.1f},{},{},{},{:.1f}\n", module, s.lines.all,
                        s.lines.reached, s.lines.excused, s.lines.per_cent(), s.toggles.all,
                        s.toggles.reached, s.toggles.excused, s.toggles.per_cent());
  }
  return text;
}

void write(const fs::path& path, const std::string& text) {
  const fs::path temporary = path.string() + ".tmp";
  std::ofstream(temporary) << text;
  fs::rename(temporary, path);
}

Coverage read_all(const fs::path& folder) {
  Coverage coverage;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().filename() != "coverage.dat") continue;
    std::ifstream stream(entry.path());
    add_coverage(stream, coverage);
  }
  return coverage;
}

int report(const fs::path& data, const fs::path& rtl, const fs::path& exception_file,
           const fs::path& out) {
  std::vector<Exception> exceptions = read_exceptions(exception_file);
  Sources sources(rtl);
  std::map<std::string, Shares> modules;
  Shares& all = modules["all"];
  std::string missed;
  for (const auto& [point, count] : read_all(data)) {
    const bool toggle = point.kind == PointKind::kToggle;
    const std::string text = toggle ? point.name : sources.line(point.module, point.line);
    const bool reached = count > 0, excuse = !reached && excused(point, text, exceptions);
    for (Shares* shares : {&all, &modules[point.module]}) {
      Share& share = toggle ? shares->toggles : shares->lines;
      ++share.all;
      share.reached += reached ? 1 : 0;
      share.excused += excuse ? 1 : 0;
    }
    if (!reached && !excuse)
      missed += fmt::format("{}.sv:{}: {} {}\n", point.module, point.line,
                            toggle ? "toggle" : point.name, text);
  }
  fs::create_directories(out);
  write(out / "coverage.csv", csv(modules));
  write(out / "missed.txt", missed);
  bool good = all.lines.all > 0 && all.lines.per_cent() >= kLeastLines &&
              all.toggles.per_cent() >= kLeastToggles;
  for (const Exception& e : exceptions) {
    if (e.used > 0) continue;
    std::cerr << fmt::format("the exception {} {} '{}' excuses nothing\n", e.module, e.kind,
                             e.text);
    good = false;
  }
  std::cout << fmt::format(
      "{} coverage: {:.2f} % of {} lines ({} excused), {:.2f} % of {} toggles ({} excused)\n",
      good ? "PASS" : "FAIL", all.lines.per_cent(), all.lines.all, all.lines.excused,
      all.toggles.per_cent(), all.toggles.all, all.toggles.excused);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  CLI::App app("Coverage of the RTL library over a regression");
  std::string data, rtl, exceptions, out;
  app.add_option("--data", data, "folder whose coverage.dat files are summed")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--rtl", rtl, "the library's sources")->required()->check(CLI::ExistingDirectory);
  app.add_option("--exceptions", exceptions, "what can't be reached, and why")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--out", out, "folder for coverage.csv and missed.txt")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    return tilewright::rtl::report(data, rtl, exceptions, out);
  } catch (const std::exception& e) {
    std::cerr << "coverage_report: " << e.what() << "\n";
    return 2;
  }
}
