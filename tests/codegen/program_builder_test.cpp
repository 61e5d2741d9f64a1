// Tile programs made of commands: what the simulator sees of them.
#include "codegen/program_builder.h"

#include <gtest/gtest.h>

#include "../error_id.h"
#include "support/random.h"
#include "verify/iss/core.h"

namespace tilewright {
namespace {

using isa::Op;

TEST(ProgramBuilder, CommandsCarryTheirNumbers) {
  RandomStream random(1, "builder");
  const auto number = [&] {
    const auto any = static_cast<std::uint32_t>(random.below(std::uint64_t{1} << 32));
    switch (random.below(5)) {
      case 0:
        return 0U;
      case 1:
        return any % 5000;
      case 2:
        return 0x8000'0000U + any % 8192;
      case 3:
        return 0U - any % 3000;
      default:
        return any;
    }
  };
  ProgramBuilder builder;
  std::vector<iss::Command> expected, seen;
  for (int i = 0; i < 3000; ++i) {
    const iss::Command c{random.below(2) == 0 ? Op::kGemv : Op::kSend, number(), number(),
                         static_cast<std::uint32_t>(random.below(256))};
    builder.command(c.op, c.a, c.b, c.flags);
    expected.push_back(c);
  }
  builder.wait(7);
  builder.halt(3);
  iss::Core core({1 << 20, 1 << 16});
  core.attach([&](const iss::Command& c) {
    if (c.op != Op::kWait) seen.push_back(c);
    return iss::Outcome::kDone;
  });
  core.load(builder.words());
  core.run(1 << 20);
  EXPECT_EQ(core.state(), iss::CoreState::kHalted);
  EXPECT_EQ(core.halt_code(), 3);
  EXPECT_TRUE(seen == expected);
}

TEST(ProgramBuilder, RegistersAreUsedAgain) {
  ProgramBuilder builder;
  for (std::uint32_t row = 0; row < 100; ++row)
    builder.command(Op::kGemv, 0x8000'0000 + 16 * row, 300, 4);
  EXPECT_LT(builder.words().size(), 205U);  // a step of the address, and the command
  EXPECT_EQ(id_of([&] { builder.command(Op::kGemv, 0, 0, 4096); }), "TW-GEN-080");
}

}  // namespace
}  // namespace tilewright
