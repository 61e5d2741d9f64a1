#include "mapping/kv_plan.h"

#include <algorithm>
#include <cmath>

namespace tilewright {

int kv_bits(double compaction) {
  return compaction < 2 ? 16 : compaction < 8 ? 8 : 4;
}

void plan_kv(const Workload& workload, const MapRequest& request,
             const std::vector<TileKind>& kinds, const std::vector<std::int32_t>& kind_of,
             KvPlan& out) {
  const std::size_t tiles = kind_of.size();
  out.first_page.assign(tiles + 1, 0);
  out.pages = out.capacity = out.shortage_pages = out.window = 0;
  out.page_bytes = out.bytes = 0;
  const double per_token = workload.totals.kv_bytes_per_token;
  if (per_token <= 0) return;

  const auto& t = workload.totals;
  const double heads = std::max(1, t.layers) * std::max(1, t.kv_heads);
  const double kappa = request.actions[kKvCompaction];
  out.bits = kv_bits(kappa);
  out.window = std::max<std::int64_t>(1, std::llround(request.context * 16 / (out.bits * kappa)));
  const auto pages_a_head = (out.window + request.page_tokens - 1) / request.page_tokens;
  out.pages = pages_a_head * static_cast<std::int64_t>(heads * std::ceil(request.batch));
  out.page_bytes = static_cast<double>(request.page_tokens) * per_token / heads * out.bits / 16;
  out.bytes = static_cast<double>(out.pages) * out.page_bytes;

  const double a_scratch = 1 - request.actions[kAIn] - request.actions[kAOut];
  // Only whole pages fit; the running sum of capacities deals them in proportion without a loop
  // over pages.
  thread_local std::vector<std::int64_t> fits;
  fits.clear();
  for (const auto& kind : kinds) {
    const double room = (a_scratch * kind.tile.dmem_kib - request.fixed_scratch_kib) * 1024;
    fits.push_back(std::max<std::int64_t>(0, static_cast<std::int64_t>(room / out.page_bytes)));
    out.capacity += fits.back() * kind.count;
  }
  const std::int64_t placed = std::min(out.pages, out.capacity);
  out.shortage_pages = out.pages - placed;
  if (out.capacity == 0) return;
  // Exact, so that no tile is dealt a page more than it has room for. The product fits: pages and
  // capacity are below 2^31 for any model that a mesh of 2,500 tiles can hold.
  std::int64_t before = 0;
  for (std::size_t i = 0; i < tiles; ++i) {
    before += fits[static_cast<std::size_t>(kind_of[i])];
    out.first_page[i + 1] = placed * before / out.capacity;
  }
}

}  // namespace tilewright
