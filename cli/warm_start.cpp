#include "cli/warm_start.h"

#include <algorithm>
#include <map>

#include "support/error.h"
#include "support/file.h"
#include "support/table.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

fs::path log_of(const fs::path& folder) {
  const fs::path file = folder / "search.csv";
  if (!fs::is_regular_file(file)) {
    throw Error("TW-CLI-020", "there is no search.csv", folder.string(),
                "give --warm-start the folder of a finished compile");
  }
  return file;
}

using Columns = std::map<std::string, std::size_t>;

Columns columns_of(const std::vector<std::string>& header, const std::string& where) {
  Columns columns;
  for (std::size_t i = 0; i < header.size(); ++i) columns[header[i]] = i;
  const auto require = [&](const std::string& name) {
    if (!columns.contains(name))
      throw Error("TW-CLI-020", "column '" + name + "' is missing", where,
                  "give --warm-start the folder of a finished compile");
  };
  for (std::size_t i = 0; i < kActionCount; ++i) require(std::string(action_info(i).name));
  for (const char* name : {"score", "feasible", "violation", "tok_s", "power_mw", "area_mm2"})
    require(name);
  for (std::size_t m = 0; m < kMarginCount; ++m) require("margin_" + std::string(margin_name(m)));
  return columns;
}

Evaluation evaluation_of(const std::vector<std::string>& row, const Columns& columns,
                         const std::string& where) {
  const auto number = [&](const std::string& name) {
    const std::size_t at = columns.at(name);
    if (at >= row.size())
      throw Error("TW-CLI-020", "a row is too short for column '" + name + "'", where,
                  "give --warm-start the folder of a finished compile");
    return parse_number(row[at], where);
  };
  Evaluation e;
  for (std::size_t i = 0; i < kActionCount; ++i)
    e.design[i] = number(std::string(action_info(i).name));
  e.score = number("score");
  e.feasible = number("feasible") == 1;
  e.violation = number("violation");
  e.tok_s = number("tok_s");
  e.power_mw = number("power_mw");
  e.area_mm2 = number("area_mm2");
  for (std::size_t m = 0; m < kMarginCount; ++m)
    e.margins[m] = number("margin_" + std::string(margin_name(m)));
  return e;
}

}  // namespace

Earlier read_earlier(const fs::path& folder) {
  const fs::path file = log_of(folder);
  const auto rows = parse_csv(read_file(file), file.string());
  if (rows.size() < 2)
    throw Error("TW-CLI-020", "search.csv has no evaluation", folder.string(),
                "give --warm-start the folder of a finished compile");
  const Columns columns = columns_of(rows.front(), file.string());
  Earlier earlier;
  for (std::size_t i = 1; i < rows.size(); ++i)
    earlier.log.push_back(
        evaluation_of(rows[i], columns, file.string() + ":" + std::to_string(i + 1)));
  if (fs::is_regular_file(folder / kPolicyFile)) earlier.learned = read_file(folder / kPolicyFile);
  return earlier;
}

std::string hash_of_earlier(const fs::path& folder) {
  if (folder.empty()) return "";
  const std::string log = sha256_of_file(log_of(folder));
  if (!fs::is_regular_file(folder / kPolicyFile)) return log;
  return sha256(log + sha256_of_file(folder / kPolicyFile));
}

}  // namespace tilewright
