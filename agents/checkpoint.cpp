#include "agents/checkpoint.h"

#include "mdp/evaluation_archive.h"
#include "support/error.h"

namespace tilewright {
namespace {

constexpr const char* kKind = "tilewright checkpoint 1";

}  // namespace

std::string to_bytes(const Checkpoint& checkpoint, const std::string& question) {
  Checkpoint written = checkpoint;
  std::string asked = question;
  StateArchive archive;
  archive(asked, written.log, written.state);
  return sealed(kKind, archive.bytes());
}

Checkpoint checkpoint_from_bytes(const std::string& bytes, const std::string& question,
                                 const std::string& where) {
  StateArchive archive(unsealed(kKind, bytes, where), where);
  std::string asked;
  Checkpoint checkpoint;
  archive(asked);
  if (asked != question) {
    throw Error("TW-AGENT-006", "is of a search with other options or of another program", where,
                "remove it to start anew, or repeat the command that left it");
  }
  archive(checkpoint.log, checkpoint.state);
  archive.finish();
  return checkpoint;
}

}  // namespace tilewright
