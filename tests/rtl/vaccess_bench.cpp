// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_vaccess: loads and stores of rows at any address, mostly in DMEM or one bit from it; grants
// and takers that wait. VLEN and DMEM_KIB are the model's.
#include <array>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kWords = VLEN / 32, kRowBytes = VLEN / 8,
                        kRows = DMEM_KIB * 1024 / kRowBytes;
constexpr std::uint32_t kBase = 0x80000000;
enum class Group : std::uint8_t { kLoad, kStore, kLoadWeights };
enum class Stage : std::uint8_t { kFree, kRequest, kArrives, kValid };

using Row = std::array<std::uint32_t, kWords>;

class Bench {
 public:
  Bench() { reset(dut_); }

  void cycle(std::uint64_t at) {
    draw();
    dut_.eval();
    check(at);
    step();
    clock(dut_);
  }
  int report(std::uint64_t cycles) const {
    return verdict_.report(std::to_string(cycles) + " cycles, " + std::to_string(rows_) +
                           " rows moved, " + std::to_string(faults_) + " faults");
  }

 private:
  template <typename Port>
  void any_row(Port& port) {
    for (std::uint32_t w = 0; w < kWords; ++w) set_word(port, w, random_.word());
  }
  template <typename Port>
  static Row row_of(const Port& port) {
    Row row;
    for (std::uint32_t w = 0; w < kWords; ++w) row[w] = word(port, w);
    return row;
  }

  void draw() {
    dut_.start_i = stage_ == Stage::kFree && random_.percent(60) ? 1 : 0;
    dut_.taken_i = stage_ == Stage::kValid && random_.percent(50) ? 1 : 0;
    dut_.dm_gnt_i = random_.percent(60) ? 1 : 0;
    dut_.wm_gnt_i = random_.percent(60) ? 1 : 0;
    dut_.vd_i = static_cast<std::uint8_t>(random_.below(16));
    any_row(dut_.data_i);
    any_row(dut_.dm_rdata_i);
    any_row(dut_.wm_rdata_i);
    next_ = static_cast<Group>(random_.below(3));
    constexpr std::uint8_t kGroups[] = {2, 3, 4};  // tcc_vec_pkg::VG_*
    dut_.group_i = kGroups[static_cast<int>(next_)];
    const std::uint32_t offset = random_.word() & 0xfff;
    std::uint32_t target = next_ == Group::kLoadWeights
                               ? random_.word() & 0xffffff
                               : kBase + kRowBytes * random_.below(kRows + 1);
    if (random_.percent(30)) target ^= 1U << random_.below(32);
    dut_.offset_i = static_cast<std::uint16_t>(offset);
    dut_.base_i =
        target - static_cast<std::uint32_t>(static_cast<std::int32_t>(offset << 20) >> 20);
    next_address_ = target;
  }

  bool legal() const {
    if (group_ == Group::kLoadWeights) return address_ < 1U << 24;
    const std::uint32_t offset = address_ - kBase;
    return offset % kRowBytes == 0 && offset / kRowBytes < kRows;
  }

  void check(std::uint64_t at) {
    const bool asks = stage_ == Stage::kRequest && legal(), weights = group_ == Group::kLoadWeights;
    verdict_.expect((dut_.free_o != 0) == (stage_ == Stage::kFree), "free", at);
    verdict_.expect((dut_.dm_req_o != 0) == (asks && !weights), "a request of DMEM", at);
    verdict_.expect((dut_.wm_req_o != 0) == (asks && weights), "a request of WMEM", at);
    verdict_.expect((dut_.fault_o != 0) == fault_, "fault", at);
    verdict_.expect((dut_.valid_o != 0) == (stage_ == Stage::kValid), "valid", at);
    if (asks && !weights) {
      verdict_.expect(dut_.dm_addr_o == (address_ - kBase) / kRowBytes, "row", at);
      verdict_.expect((dut_.dm_we_o != 0) == (group_ == Group::kStore), "direction", at);
      if (group_ == Group::kStore) verdict_.expect(row_of(dut_.dm_wdata_o) == data_, "stored", at);
    }
    if (asks && weights) verdict_.expect(dut_.wm_addr_o == address_, "row of WMEM", at);
    if (stage_ != Stage::kValid) return;
    verdict_.expect(dut_.vd_o == vd_, "register", at);
    verdict_.expect(row_of(dut_.row_o) == data_, "loaded", at);
  }

  void step() {
    fault_ = false;
    switch (stage_) {
      case Stage::kFree:
        if (dut_.start_i == 0) return;
        stage_ = Stage::kRequest;
        group_ = next_;
        address_ = next_address_;
        vd_ = dut_.vd_i;
        data_ = row_of(dut_.data_i);
        return;
      case Stage::kRequest: {
        fault_ = !legal();
        faults_ += fault_ ? 1 : 0;
        const bool granted = (group_ == Group::kLoadWeights ? dut_.wm_gnt_i : dut_.dm_gnt_i) != 0;
        if (fault_)
          stage_ = Stage::kFree;
        else if (granted)
          stage_ = group_ == Group::kStore ? Stage::kFree : Stage::kArrives;
        rows_ += !fault_ && granted ? 1 : 0;
        return;
      }
      case Stage::kArrives:
        data_ = row_of(group_ == Group::kLoadWeights ? dut_.wm_rdata_i : dut_.dm_rdata_i);
        stage_ = Stage::kValid;
        return;
      case Stage::kValid:
        if (dut_.taken_i != 0) stage_ = Stage::kFree;
        return;
    }
  }

  Vdut dut_;
  Verdict verdict_{"rtl.vaccess"};
  Random random_{34};
  Stage stage_ = Stage::kFree;
  Group group_ = Group::kLoad, next_ = Group::kLoad;
  std::uint32_t address_ = 0, next_address_ = 0, vd_ = 0;
  Row data_{};
  bool fault_ = false;
  std::uint64_t rows_ = 0, faults_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  const std::uint64_t cycles = size_argument(argc, argv, 200'000);
  for (std::uint64_t i = 0; i < cycles; ++i) bench.cycle(i);
  return bench.report(cycles);
}
