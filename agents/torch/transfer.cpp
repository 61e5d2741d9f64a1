#include "agents/torch/transfer.h"

#include "support/state_archive.h"

namespace tilewright::rl {
namespace {

constexpr const char* kKind = "tilewright policy 1";
constexpr const char* kWhere = "policy of the warm start";

void persist_agent(StateArchive& archive, SacAgent& agent) {
  const SacSettings& s = agent.settings();
  std::vector<std::int64_t> sizes{s.hidden, s.experts, s.layer_norm ? 1 : 0, s.arrival ? 1 : 0};
  const auto own = sizes;
  archive(sizes);
  archive.require(sizes == own);
  agent.persist_learned(archive);
}

}  // namespace

std::string learned_by(SacAgent& agent) {
  StateArchive archive;
  persist_agent(archive, agent);
  return sealed(kKind, archive.bytes());
}

void start_learned(SacAgent& agent, const std::string& learned) {
  if (learned.empty()) return;
  StateArchive archive(unsealed(kKind, learned, kWhere), kWhere);
  persist_agent(archive, agent);
  archive.finish();
}

}  // namespace tilewright::rl
