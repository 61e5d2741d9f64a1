// Emitted folders: what is in them, that the same input gives the same bytes, and what tools say of
// them.
#include <gtest/gtest.h>

#include <regex>

#include "codegen/chip.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "support/scratch.h"
#include "synthetic.h"
#include "verify/verify.h"

namespace tilewright {
namespace {
namespace fs = std::filesystem;

const std::vector<LogicConfig> kCorners = {{1, 128, 16, 1}, {16, 2048, 512, 128}};

// Lint and Yosys's structural check.
void expect_clean(const fs::path& folder) {
  int judged = 0;
  for (const GateResult& result : run_gates(folder, static_cast<int>(GateLevel::kStructure))) {
    if (result.name != "lint" && result.name != "structure") continue;
    EXPECT_TRUE(result.ran && result.passed) << result.name << ": " << result.detail;
    ++judged;
  }
  EXPECT_EQ(judged, 2);
}

void expect_clean(const Design& design) {
  const ScratchFolder folder;
  emit_without_weights(design, folder.path());
  expect_clean(folder.path());
}

TEST(Emit, SmallestChipIsClean) {
  expect_clean(synthetic_design(1, 1, {64, 1, 1}, {kCorners[0]}, 1, 1));
}

// Units times lanes is what takes long: the widest rows with one port and narrow flits, many ports
// and the widest flits with the narrowest rows.
TEST(Emit, WidestRowsAreClean) {
  expect_clean(synthetic_design(2, 3, {64, 1, 1}, kCorners, 300, 2));
}

TEST(Emit, ManyPortsAndWidestFlitsAreClean) {
  expect_clean(synthetic_design(1, 1, {8192, 8, 4}, {kCorners[0]}, 1, 2));
}

TEST(Emit, RandomHeterogeneousMeshIsClean) {
  expect_clean(synthetic_design(5, 4, {192, 7, 2}, random_configs(4, 3), 40, 3));
}

TEST(Emit, SecondRunWritesTheSameBytes) {
  const Design design = synthetic_design(5, 4, {256, 8, 2}, random_configs(6, 4), 100, 4);
  const ScratchFolder a, b;
  const EmitReport first = emit_without_weights(design, a.path());
  emit_without_weights(design, b.path());
  EXPECT_EQ(fingerprint(a.path()), fingerprint(b.path()));
  EXPECT_EQ(first.distinct_logic_configs, 6);
  EXPECT_TRUE(std::is_sorted(first.files.begin(), first.files.end()));
}

TEST(Emit, ReportNamesEveryFileAndWhatIsMissing) {
  const ScratchFolder folder;
  const EmitReport report =
      emit_without_weights(synthetic_design(2, 2, {}, kCorners, 4, 5), folder.path());
  std::size_t on_disk = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    on_disk += entry.is_regular_file() ? 1U : 0U;
  }
  EXPECT_EQ(report.files.size(), on_disk);
  ASSERT_EQ(report.not_generated.size(), 3U);
  EXPECT_TRUE(report.not_generated[0].starts_with("programs/"));
  EXPECT_TRUE(report.not_generated[1].starts_with("sim/ vectors"));
  EXPECT_TRUE(report.not_generated[2].starts_with("weights/"));
  EXPECT_FALSE(fs::exists(folder.path() / "programs")) << "no empty folders";
}

TEST(Emit, OnlyAMeshIsWritten) {
  Design design = synthetic_design(4, 4, {}, kCorners, 4, 5);
  for (const char* other : {"torus", "ring", "hierarchical", "chiplets"}) {
    design.topology = parse_topology(other);
    const ScratchFolder folder;
    const EmitReport report = emit_without_weights(design, folder.path());
    EXPECT_TRUE(fs::is_empty(folder.path())) << other;
    EXPECT_TRUE(report.files.empty()) << other;
    ASSERT_EQ(report.not_generated.size(), 4U);
    EXPECT_TRUE(
        report.not_generated[0].starts_with("rtl/: the routers of the library are a mesh's"));
    EXPECT_NE(report.not_generated[0].find(other), std::string::npos);
  }
}

TEST(Emit, PackageHoldsEveryTile) {
  const Design design = synthetic_design(3, 4, {128, 2, 2}, random_configs(3, 6), 500, 6);
  const ScratchFolder folder;
  emit_without_weights(design, folder.path());
  const std::string package = read_file(folder.path() / "rtl/synthetic_pkg.sv");
  const std::regex slice(R"(16'd(\d+), 4'd(\d+),?  // \((\d+), (\d+)\))");
  std::size_t found = 0;
  for (std::sregex_iterator at(package.begin(), package.end(), slice), end; at != end; ++at) {
    const auto tile = std::stoul((*at)[4]) * 3 + std::stoul((*at)[3]);
    EXPECT_EQ(std::stol((*at)[1]) * 64, design.tiles.at(tile).wmem_kib);
    EXPECT_EQ(tile, design.tiles.size() - 1 - found) << "the highest slice is the last tile's";
    ++found;
  }
  EXPECT_EQ(found, design.tiles.size());
  EXPECT_NE(package.find("Tilewright 9.8.7, seed 42"), std::string::npos);
  EXPECT_NE(package.find("edit the configuration, not this file"), std::string::npos);
  EXPECT_NE(package.find(sha256(to_text(to_json(design)))), std::string::npos);
}

TEST(Emit, OneWrapperAConfigurationNotATile) {
  const ScratchFolder folder;
  emit_without_weights(synthetic_design(20, 20, {64, 1, 1}, random_configs(16, 7), 9, 7),
                       folder.path());
  std::size_t wrappers = 0;
  for (const auto& entry : fs::directory_iterator(folder.path() / "rtl")) {
    wrappers += entry.path().filename().string().find("_tile_cfg") != std::string::npos ? 1U : 0U;
  }
  EXPECT_EQ(wrappers, 16U);
}

TEST(Emit, HostileNameStaysInsideTheFolder) {
  Design design = synthetic_design(1, 2, {64, 1, 1}, {kCorners[0]}, 2, 8);
  design.name = "../x\nendmodule `include \"/etc/passwd\"";
  const ScratchFolder folder;
  const EmitReport report = emit_without_weights(design, folder.path());
  for (const fs::path& file : report.files) {
    EXPECT_EQ(file.string().find_first_not_of(
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./"),
              std::string::npos);
    EXPECT_EQ(file.string().find(".."), std::string::npos);
  }
  expect_clean(folder.path());
}

TEST(Emit, LinesKeepToAHundredColumns) {
  Design design = synthetic_design(41, 2, {8192, 8, 2}, random_configs(16, 9), 400, 9);
  design.name = std::string(80, 'n');
  const ScratchFolder folder;
  emit_without_weights(design, folder.path());
  for (const auto& entry : fs::directory_iterator(folder.path() / "rtl")) {
    if (entry.path().filename().string().starts_with("tcc_") || entry.path().extension() != ".sv") {
      continue;
    }
    std::istringstream lines(read_file(entry.path()));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 100U) << entry.path().filename() << ": " << line;
      EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
    }
  }
}

TEST(Emit, RefusesWhatTheHardwareCannotBe) {
  const EmitOptions options = emit_options();
  const Design good = synthetic_design(2, 2, {64, 1, 1}, kCorners, 2, 10);
  EXPECT_NO_THROW(make_chip(good, options));
  const auto refused = [&](auto&& change) {
    Design design = good;
    change(design);
    EXPECT_THROW(make_chip(design, options), Error);
  };
  refused([](Design& d) { d.actions[kDflit] = 100; });
  refused([](Design& d) { d.actions[kDflit] = 8256; });
  refused([](Design& d) { d.actions[kStanum] = 1.5; });
  refused([](Design& d) { d.actions[kXdpnum] = 0; });
  refused([](Design& d) { d.tiles[1].vlen_bits = 192; });
  refused([](Design& d) { d.tiles[2].wmem_kib = 0; });
  refused([](Design& d) { d.tiles[0].dmem_kib = 528; });
  refused([](Design& d) { d.tiles.pop_back(); });
  refused([](Design& d) { d.mesh_w = 65; });
}

// Some packets along x first, some along y first.
Port route_mixed(MeshNode at, MeshNode to) {
  const bool along_y = (to.x + to.y) % 2 != 0 && to.y != at.y;
  return route_xy(along_y ? MeshNode{to.x, at.y} : at, to);
}

TEST(Emit, RefusesANetworkThatCanDeadlock) {
  const Design design = synthetic_design(2, 64, {64, 1, 1}, {kCorners[0]}, 1, 12);
  const Chip chip = make_chip(design, emit_options());
  EXPECT_NO_THROW(check_network(chip));
  try {
    check_network(chip, route_mixed);
    ADD_FAILURE() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.id(), "TW-GEN-004");
    EXPECT_NE(error.message().find(") east, "), std::string::npos) << error.message();
  }
}

TEST(Emit, RefusesADamagedLibrary) {
  const ScratchFolder library, folder;
  EmitOptions options = emit_options();
  options.rtl_library = library.path();
  const Workload nothing;
  const Mapper mapper(nothing);
  const Design design = synthetic_design(1, 1, {}, {kCorners[0]}, 1, 11);
  const auto emit = [&] {
    emit_design(design, Mapping{}, mapper, nullptr, options, folder.path());
  };
  EXPECT_THROW(emit(), Error) << "no tcc.f";
  write_file(library.path() / "tcc.f", "../../etc/passwd\n");
  EXPECT_THROW(emit(), Error) << "not a plain name";
  write_file(library.path() / "tcc.f", "absent.sv\n");
  EXPECT_THROW(emit(), Error) << "absent file";
}

}  // namespace
}  // namespace tilewright
