// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Commands as instructions of the core, and programs as IMEM images.
#pragma once

#include "codegen/program_builder.h"
#include "command.h"

namespace tilewright::rtl {

inline constexpr std::uint32_t kDmemAddress = 0x80000000;

inline void add_command(ProgramBuilder& program, const Command& c, std::uint32_t vlen) {
  const std::uint32_t row = kDmemAddress + c.row() * (vlen / 8);
  const std::uint32_t word = kDmemAddress + c.word() * 4;
  const std::uint32_t peer = peer_operand(c.peer_x(), c.peer_y(), c.length());
  switch (c.op) {
    case Op::kWptr:
      program.command(isa::Op::kWptr, c.base(),
                      static_cast<std::uint32_t>(std::int32_t{c.stride()}));
      break;
    case Op::kGemv:
      program.command(isa::Op::kGemv, row, c.count(), c.flags());
      break;
    case Op::kAddf:
      program.command(isa::Op::kAdda, row, 0, c.flags());
      break;
    case Op::kRd:
      program.command(isa::Op::kRead, row, 0, c.flags());
      break;
    case Op::kSend:
      program.command(isa::Op::kSend, word, peer, c.channel());
      break;
    case Op::kRecv:
      program.command(isa::Op::kRecv, word, peer, c.channel());
      break;
    case Op::kRadd:
      program.command(isa::Op::kRadd, word, peer, c.channel());
      break;
    case Op::kWait:
      program.wait(c.field(0, 12));
      break;
    case Op::kHalt:
      program.halt(c.field(0, 12));
      break;
  }
}

inline std::vector<std::uint32_t> program_words(const std::vector<Command>& commands,
                                                std::uint32_t vlen) {
  ProgramBuilder program;
  for (const Command& c : commands) add_command(program, c, vlen);
  return program.words();
}

// IMEM's blocks of fetch_size words, the first word lowest.
inline std::vector<std::vector<std::uint32_t>> imem_blocks(std::vector<std::uint32_t> words,
                                                           std::size_t fetch_size) {
  words.resize((words.size() + fetch_size - 1) / fetch_size * fetch_size);
  std::vector<std::vector<std::uint32_t>> blocks;
  for (std::size_t i = 0; i < words.size(); i += fetch_size) {
    blocks.emplace_back(words.begin() + static_cast<std::ptrdiff_t>(i),
                        words.begin() + static_cast<std::ptrdiff_t>(i + fetch_size));
  }
  return blocks;
}

}  // namespace tilewright::rtl
