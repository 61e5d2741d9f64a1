// What the program writes is what docs/schema says, and the schemas refuse what is not.
#include "program.h"
#include "schema_check.h"
#include "support/json.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;

class Schema : public Program {
 protected:
  static Json schema(const std::string& name) {
    return read_json(fs::path(TILEWRIGHT_SOURCE_DIR) / "docs/schema" / (name + ".schema.json"));
  }
  static std::string violations(const std::string& name, const Json& value) {
    std::string text;
    for (const std::string& line : schema_violations(schema(name), value)) text += line + "\n";
    return text;
  }
};

TEST_F(Schema, WrittenFilesAreValid) {
  for (const std::string model : {"llama-tiny", "convnet-tiny", "mixtral-tiny"}) {
    ASSERT_LE(run({"compile", model, "--agent", "random", "--episodes", "5", "-o", model}).status,
              1);
    for (const std::string name : {"design", "ppa", "workload"}) {
      EXPECT_EQ(violations(name, read_json(folder_ / model / (name + ".json"))), "")
          << model << " " << name;
    }
  }
}

TEST_F(Schema, BrokenFilesAreNot) {
  ASSERT_LE(
      run({"compile", "llama-tiny", "--agent", "random", "--episodes", "5", "-o", "out"}).status,
      1);
  const Json design = read_json(folder_ / "out/design.json");
  Json missing = design, odd = design, extra = design, typed = design;
  missing["actions"].erase("VLEN");
  odd["tiles"][0][1] = 300;
  extra["surprise"] = 1;
  typed["mesh"]["w"] = "two";
  EXPECT_EQ(violations("design", missing), "/actions/VLEN: is missing\n");
  EXPECT_EQ(violations("design", odd), "/tiles/0/1: is none of the allowed values: 300\n");
  EXPECT_EQ(violations("design", extra), "/surprise: is not in the schema\n");
  EXPECT_EQ(violations("design", typed), "/mesh/w: has another type\n");
}

}  // namespace
}  // namespace tilewright
