// Gates pass on a good folder and fail, naming the place, on a damaged one.
#include <gtest/gtest.h>

#include <fstream>

#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "support/scratch.h"
#include "synthetic.h"
#include "verify/verify.h"

namespace tilewright {
namespace {
namespace fs = std::filesystem;

class Gates : public ::testing::Test {
 protected:
  Gates() {
    emit_without_weights(
        synthetic_design(2, 1, {64, 1, 1}, {{1, 128, 16, 1}, {2, 256, 32, 2}}, 3, 1), path());
    write_weights();
    write_manifest(path());
  }

  const fs::path& path() const { return folder_.path(); }

  // A hand-made image of one tensor of five bytes.
  void write_weights() {
    write_file(path() / "weights/tile_00_00.bin", "abcde");
    Json json = {{"schema", "tilewright.weights"}, {"schema_version", 1}, {"bytes", 5}};
    json["tensors"] = {{{"name", "w"}, {"dtype", "int8"}, {"elements", 5}, {"bytes", 5}}};
    json["images"] = {
        {{"tile", 0},
         {"file", "weights/tile_00_00.bin"},
         {"bytes", 5},
         {"sha256", sha256("abcde")},
         {"slices", {{{"tensor", "w"}, {"begin", 0}, {"end", 5}, {"offset", 0}, {"bytes", 5}}}}}};
    write_file(path() / "weights/manifest.json", to_text(json));
  }

  void change_weights(const std::string& pointer, const Json& value) {
    Json json = read_json(path() / "weights/manifest.json");
    json[Json::json_pointer(pointer)] = value;
    write_file(path() / "weights/manifest.json", to_text(json));
  }

  GateResult gate(const std::string& name, const GateOptions& options = {}) const {
    for (const GateInfo& info : gate_list()) {
      if (info.name == name) {
        for (const GateResult& result : run_gates(path(), static_cast<int>(info.level), options)) {
          if (result.name == name) {
            return result;
          }
        }
      }
    }
    ADD_FAILURE() << "no gate " << name;
    return {};
  }

  void expect_failure(const std::string& name, const std::string& mentions,
                      const GateOptions& options = {}) const {
    const GateResult result = gate(name, options);
    EXPECT_TRUE(result.ran && !result.passed) << name;
    EXPECT_NE(result.detail.find(mentions), std::string::npos) << result.detail;
    EXPECT_EQ(result.detail.find('\n'), std::string::npos) << "one line";
  }

  void append(const std::string& file, const std::string& text) const {
    std::ofstream(path() / file, std::ios::app) << text;
  }

 private:
  ScratchFolder folder_;
};

TEST_F(Gates, GoodFolderPasses) {
  const auto results = run_gates(path(), kMaxGateLevel);
  EXPECT_EQ(results.size(), gate_list().size());
  for (const GateResult& result : results) {
    // A build, a library, a build.
    const bool wanting =
        result.name == "benches" || result.name == "synth" || result.name == "formal";
    EXPECT_EQ(result.ran, !wanting) << result.name << ": " << result.detail;
    EXPECT_EQ(result.passed, result.ran) << result.name << ": " << result.detail;
  }
  EXPECT_TRUE(all_passed(results));
}

TEST_F(Gates, LevelsChooseHowDeepToLook) {
  EXPECT_EQ(run_gates(path(), 0).size(), 3U);
  EXPECT_EQ(run_gates(path(), 1).size(), 4U);
  EXPECT_THROW(run_gates(path() / "absent", 0), Error);
}

TEST_F(Gates, OneChangedByteIsFound) {
  std::fstream file(path() / "rtl/tcc_wmem.sv", std::ios::in | std::ios::out);
  file.seekp(3);
  file.put('#');
  file.close();
  expect_failure("files", "rtl/tcc_wmem.sv");
}

TEST_F(Gates, MissingFileAndUnlistedSourceAreFound) {
  fs::remove(path() / "rtl/constraints.sdc");
  expect_failure("files", "constraints.sdc");
  write_manifest(path());
  EXPECT_TRUE(gate("files").passed);
  fs::copy_file(path() / "rtl/tcc_fifo.sv", path() / "rtl/extra.sv");
  std::string list = read_file(path() / "rtl/filelist.f");
  list.insert(list.find("tcc_pkg.sv"), "extra.sv\n");
  Json manifest = read_json(path() / "manifest.json");
  manifest["files"]["rtl/filelist.f"] = sha256(list);
  write_file(path() / "rtl/filelist.f", list);
  write_file(path() / "manifest.json", to_text(manifest));
  expect_failure("files", "extra.sv");
}

TEST_F(Gates, ManifestCannotPointOutside) {
  write_file(path() / "manifest.json", R"({"files": {"../../etc/passwd": "00"}})");
  expect_failure("files", "leads out");
  write_file(path() / "manifest.json", "{");
  expect_failure("files", "manifest.json");
}

TEST_F(Gates, BrokenRtlFailsLintAndStructure) {
  append("rtl/tcc_wmem.sv", "\nmodule broken (input logic a_i;\n");
  expect_failure("lint", "tcc_wmem.sv");
  expect_failure("structure", "tcc_wmem.sv");
}

// Proofs are commands that are told where the artifact's sources are.
TEST_F(Gates, ListedProofsAreRunOnTheArtifactsSources) {
  const ScratchFolder build;
  GateOptions options;
  options.benches = build.path();
  EXPECT_FALSE(gate("formal", options).ran);
  const auto list = [&](const std::string& text) {
    write_file(build.path() / "rtl_proofs.txt", text);
  };
  list("grep -q ^module {rtl}/tcc_wmem.sv\n");
  expect_failure("formal", "No such file", options);  // "{rtl}" is a word of its own
  write_file(build.path() / "proof.sh", "test -f $1/tcc_core.sv && echo PASS three checks\n");
  list("sh " + (build.path() / "proof.sh").string() + " {rtl}\n");
  EXPECT_EQ(gate("formal", options).figure, "three checks");
  write_file(build.path() / "proof.sh", "echo add: refuted: frame 3\nexit 1\n");
  expect_failure("formal", "add: refuted", options);
  write_file(build.path() / "proof.sh", "exit 0\n");
  expect_failure("formal", "PASS", options);
}

TEST_F(Gates, OneWarningFailsLint) {
  std::string top = read_file(path() / "rtl/synthetic_top.sv");
  top.insert(top.rfind("endmodule"), "  logic [3:0] never_read;\n  assign never_read = 4'd1;\n");
  write_file(path() / "rtl/synthetic_top.sv", top);
  expect_failure("lint", "never_read");
}

TEST_F(Gates, UndrivenNetFailsStructure) {
  std::string wrapper = read_file(path() / "rtl/synthetic_tile_cfg0.sv");
  wrapper.replace(wrapper.find(".rst_ni  (rst_ni)"), 17, ".rst_ni  (nobody)");
  wrapper.insert(wrapper.find("  tcc_tile #("), "  logic nobody;\n");
  write_file(path() / "rtl/synthetic_tile_cfg0.sv", wrapper);
  expect_failure("structure", "nobody");
}

TEST_F(Gates, FileListCannotCarryOptionsOrCommands) {
  for (const char* line :
       {"--pipe-filter touch x", "; !touch x", "/etc/passwd", "../x.sv", "-Wno-lint"}) {
    std::string list = read_file(path() / "rtl/filelist.f");
    write_file(path() / "rtl/filelist.f", std::string(line) + "\n" + list);
    expect_failure("lint", "filelist.f");
    expect_failure("structure", "filelist.f");
    write_file(path() / "rtl/filelist.f", list);
  }
}

TEST_F(Gates, ChannelsAreOfTheFoldersMeshAndRouting) {
  const auto change = [&](const std::string& file, const std::string& from, const std::string& to) {
    std::string text = read_file(path() / file);
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
    write_file(path() / file, text);
  };
  EXPECT_EQ(gate("channels").figure, "2 x 1 tiles, 8 channels, 10 dependencies, no cycle");
  change("rtl/synthetic_pkg.sv", "MESH_H = 1;", "MESH_H = 2;");
  EXPECT_EQ(gate("channels").figure, "2 x 2 tiles, 18 channels, 30 dependencies, no cycle");
  change("rtl/synthetic_pkg.sv", "MESH_W = 2;", "MESH_W = 65;");
  expect_failure("channels", "TW-ARCH-002");
  change("rtl/synthetic_pkg.sv", "MESH_W = 65;", "MESH_W = W;");
  expect_failure("channels", "MESH_W");
  change("rtl/synthetic_pkg.sv", "MESH_W = W;", "MESH_W = 2;");
  EXPECT_TRUE(gate("channels").passed);
  change("rtl/tcc_noc_pkg.sv", "if (dst_x > x)", "if (dst_x > x && !(dst_y[0] && dst_y != y))");
  expect_failure("channels", "route_xy");
}

TEST_F(Gates, WeightsAreAddedUpAgain) {
  append("weights/tile_00_00.bin", "x");
  expect_failure("weights", "not 5 bytes");
  write_file(path() / "weights/tile_00_00.bin", "abXde");
  expect_failure("weights", "SHA-256");
  fs::remove(path() / "weights/tile_00_00.bin");
  expect_failure("weights", "missing");
  write_weights();
  change_weights("/images/0/slices/0/end", 4);
  expect_failure("weights", "'w'");
  write_weights();
  change_weights("/images/0/slices/0/begin", 1);
  expect_failure("weights", "exactly one tile");
  write_weights();
  change_weights("/bytes", 6);
  expect_failure("weights", "add up");
  write_weights();
  change_weights("/tensors/0/bytes", 4);
  expect_failure("weights", "'w'");
}

TEST_F(Gates, BenchesSpeakOnlyForTheirOwnLibrary) {
  const ScratchFolder benches;
  GateOptions options;
  options.benches = benches.path();
  options.rtl_library = emit_options().rtl_library;
  const GateResult none = gate("benches", options);
  EXPECT_FALSE(none.ran);
  EXPECT_NE(none.detail.find("--benches"), std::string::npos) << "says how to get them";
  EXPECT_EQ(none.detail.find('\n'), std::string::npos) << "in one line";
  const auto script = [&](const std::string& name, const std::string& text) {
    write_file(benches.path() / name, "#!/bin/sh\n" + text + "\n");
    fs::permissions(benches.path() / name, fs::perms::owner_all);
  };
  script("rtl_bench_old", "exit 1");  // left by an earlier build, and not listed
  write_file(benches.path() / "rtl_benches.txt", "rtl_bench_a\nrtl_bench_b\n");
  script("rtl_bench_a", "exit 0");
  const GateResult partial = gate("benches", options);
  EXPECT_FALSE(partial.ran);
  EXPECT_NE(partial.detail.find("rtl_bench_b is not built"), std::string::npos);
  script("rtl_bench_b", "exit 0");
  const GateResult good = gate("benches", options);
  EXPECT_TRUE(good.passed) << good.detail;
  EXPECT_EQ(good.figure, "2 benches");
  script("rtl_bench_b", "echo FAIL: lane 3; exit 1");
  expect_failure("benches", "lane 3", options);
  append("rtl/tcc_wmem.sv", "// changed\n");
  expect_failure("benches", "tcc_wmem.sv", options);
}

}  // namespace
}  // namespace tilewright
