// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Random instructions of the vector unit, with the contents of their scalar register: accesses
// within a window of DMEM's rows, and in all of WMEM.
#pragma once

#include <vector>

#include "arch/isa/isa.h"
#include "network_bench.h"
#include "verify/iss/vector.h"

namespace tilewright::rtl {

struct VectorInstruction {
  const isa::Instruction* i = nullptr;
  isa::Operands o;
  std::uint32_t word = 0, x = 0;  // x: contents of rs1

  iss::Outcome execute(iss::Vector& unit) const {
    return unit.execute({.op = i->op, .a = x, .word = word}, o);
  }
};

inline VectorInstruction vector_instruction(isa::Op op, const isa::Operands& o, std::uint32_t x) {
  const isa::Instruction& i = isa::instruction(op);
  return {&i, o, isa::encode(i, o).value(), x};
}

// Of a DMEM's or WMEM's rows, from `first` on.
struct RowWindow {
  std::uint32_t first = 0, rows = 0;
};

class VectorStream {
 public:
  VectorStream(std::uint32_t vlen, std::uint32_t wmem_rows, Random& random)
      : row_bytes_(vlen / 8), wmem_rows_(wmem_rows), random_(random) {
    for (const isa::Instruction& i : isa::instructions()) {
      if (i.unit == isa::Unit::kVector) table_.push_back(&i);
    }
  }

  // Any but a third accesses, of few registers now and then, so that they depend on each other.
  VectorInstruction next(const RowWindow& dmem) {
    const std::uint32_t registers = random_.percent(50) ? isa::kVectorRegisters : 4;
    const auto r = [&] { return static_cast<std::uint8_t>(random_.below(registers)); };
    if (random_.percent(25)) return access(r(), dmem);
    const auto number = random_.below(static_cast<std::uint32_t>(table_.size()));
    const isa::Instruction& i = *table_[number];
    if (is_access(i.op)) return access(r(), dmem);
    isa::Operands o;
    if (isa::has(i.format, isa::Operand::kVd)) o.rd = r();
    if (isa::has(i.format, isa::Operand::kVs1)) o.rs1 = r();
    if (isa::has(i.format, isa::Operand::kVs2)) o.rs2 = r();
    if (isa::has(i.format, isa::Operand::kNumber)) o.imm = static_cast<int>(random_.below(8));
    return vector_instruction(i.op, o, random_.word());
  }

  VectorInstruction store(std::uint8_t from, std::uint32_t row) {
    return at(isa::Op::kVst, from, iss::kDmemBase + row * row_bytes_);
  }

  // With an address that no row has: between two, outside DMEM's `rows`, beyond 24 bits.
  VectorInstruction bad_access(std::uint32_t rows) {
    const std::uint32_t row = iss::kDmemBase + random_.below(rows) * row_bytes_;
    const auto v = static_cast<std::uint8_t>(random_.below(isa::kVectorRegisters));
    const isa::Op op = random_.percent(50) ? isa::Op::kVld : isa::Op::kVst;
    switch (random_.below(4)) {
      case 0:
        return at(op, v, row + 1 + random_.below(row_bytes_ - 1));
      case 1:
        return at(op, v, iss::kDmemBase + rows * row_bytes_);
      case 2:
        return at(op, v, row ^ 0x80000000U);
      default:
        return at(isa::Op::kVldw, v, 1U << (24 + random_.below(8)));
    }
  }

 private:
  static bool is_access(isa::Op op) {
    return op == isa::Op::kVld || op == isa::Op::kVst || op == isa::Op::kVldw;
  }

  VectorInstruction access(std::uint8_t v, const RowWindow& dmem) {
    if (random_.percent(25)) return at(isa::Op::kVldw, v, random_.below(wmem_rows_));
    const std::uint32_t row = dmem.first + random_.below(dmem.rows);
    return at(random_.percent(50) ? isa::Op::kVld : isa::Op::kVst, v,
              iss::kDmemBase + row * row_bytes_);
  }

  // An address in two parts.
  VectorInstruction at(isa::Op op, std::uint8_t v, std::uint32_t address) {
    isa::Operands o;
    (op == isa::Op::kVst ? o.rs2 : o.rd) = v;
    o.rs1 = static_cast<std::uint8_t>(random_.below(isa::kRegisters));
    o.imm = static_cast<std::int32_t>(random_.below(4096)) - 2048;
    return vector_instruction(op, o, address - static_cast<std::uint32_t>(o.imm));
  }

  std::uint32_t row_bytes_, wmem_rows_;
  Random& random_;
  std::vector<const isa::Instruction*> table_;
};

}  // namespace tilewright::rtl
