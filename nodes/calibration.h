// A calibration: a node table, scalars and named laws, all from TOML files (physical.md section 8).
// No constant of the hardware model lives in a source file.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "arch/actions.h"

namespace tilewright {

enum class Mode { kHighPerformance, kLowPower };
const char* mode_name(Mode mode);          // "high-performance", "low-power"
Mode parse_mode(const std::string& text);  // throws Error TW-NODE-001

// A constant and the ends of about an 80 % band around it; all alike where no band is known.
struct Band {
  double value = 0, lo = 0, hi = 0;
};

// Named constants. Keys are dotted: "hazard.raw". Who reads them states which keys exist and
// refuses the others, so that a misspelt constant is an error and not a default.
class Scalars {
 public:
  // Throws Error TW-NODE-004 naming the missing constant.
  double get(const std::string& key) const { return band(key).value; }
  const Band& band(const std::string& key) const;
  double get_or(const std::string& key, double fallback) const;
  void set(const std::string& key, double value, const std::string& where = "") {
    set(key, Band{value, value, value}, where);
  }
  void set(const std::string& key, const Band& band, const std::string& where = "");
  bool has(const std::string& key) const { return values_.contains(key); }
  const std::map<std::string, Band>& all() const { return values_; }
  std::string where(const std::string& key) const;  // "file:line"

 private:
  std::map<std::string, Band> values_;
  std::map<std::string, std::string> where_;
};

// Constants of one process node: the columns that its calibration names, all positive. "f_max_mhz"
// is always among them.
struct ProcessNode {
  double nm = 0;
  Scalars columns;
  bool interpolated = false;  // between two rows, not measured or printed
  double f_max_mhz() const { return columns.get("f_max_mhz"); }
  std::string name() const;  // "3nm", "6.5nm"
};

// What the source paper prints for its own two workloads at this node: budgets, references, its
// design.
struct PrintedPoint {
  double tok_s = 0, power_mw = 0, area_mm2 = 0;  // score references
  double power_budget_mw = 0, area_budget_mm2 = 0;
  double mesh_w = 0, mesh_h = 0;
  double clock_mhz = 0;
  double vlen_bits = 0;  // mean
};

// One number a counted factor of L1, so that L1 equals L0 at the printed design (surrogate.md 12).
using L1Constants = std::map<std::string, double>;

struct NodeEntry {
  ProcessNode node;
  std::map<Mode, PrintedPoint> printed;
  std::map<Mode, L1Constants> l1;
};

// Constants of a mode (surrogate.md sections 1, 2, 8, 9).
struct ModeConstants {
  double weight_perf = 0, weight_power = 0, weight_area = 0;  // score weights, sum 1
  DesignBox box;             // CLK as a fraction of f_max unless clock_mhz gives it in MHz
  ActionVector reference{};  // reference design; 0 where a rule of the mesh gives the value
  std::optional<std::array<double, 2>> clock_mhz;  // box of CLK in MHz (low power)
  double reference_clock_mhz = 0;                  // 0: reference[kClock] is the fraction
  Scalars scalars;                                 // the rest, e.g. "batch", "reference_rule.a_min"
  std::map<std::string, std::string> laws;         // "imem_law", "noc_lanes"
};

// A workload whose figures the source paper prints. Recognised by its parameter count and KV bytes.
struct PrintedWorkload {
  std::string name;
  Mode mode = Mode::kHighPerformance;  // the mode it is printed in
  double parameters = 0;               // signature: exact count in the ONNX file
  double kv_bytes_per_token = 0;       // signature
  Scalars constants;                   // its row of surrogate.md section 1: P, weight_mib, phi, ...
  std::vector<std::array<double, 3>> phases;  // K, M and how often in a token: products in turn
};

struct Calibration {
  std::string name;                  // "paper"
  std::vector<std::string> columns;  // of every node
  std::string printed_from;          // calibration whose node files hold the printed designs
  std::vector<NodeEntry> nodes;      // by increasing nm
  Scalars scalars;
  std::map<std::string, std::string> laws;  // checked by surrogate/
  std::map<Mode, ModeConstants> modes;
  std::vector<PrintedWorkload> workloads;
};

// Reads DATA/nodes/NAME/*.toml. Throws Error TW-NODE-002 (no such calibration), TW-NODE-003 (TOML
// error or unknown key, with file and line), TW-NODE-004 (missing constant).
Calibration load_calibration(const std::string& name, const std::filesystem::path& data = {});

// Puts a user's node file in place of columns (nodes/README.md): node_nm and any of the
// calibration's columns for a node that it has, all of them for one that it lacks. Throws Error
// TW-NODE-003 and TW-NODE-004 with file and line.
void apply_node_file(Calibration& calibration, const std::filesystem::path& file);

// "3nm", "3" or "6.5nm". A node between two rows is interpolated: every column linearly in ln nm of
// its logarithm; printed points and L1 constants are those of the nearer row (ties: the smaller)
// and `interpolated` is set. Outside the table: Error TW-NODE-005.
NodeEntry find_node(const Calibration& calibration, const std::string& text);

}  // namespace tilewright
