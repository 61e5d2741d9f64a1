#include "support/state_archive.h"

#include <utility>

#include "support/error.h"
#include "support/file.h"

namespace tilewright {

StateArchive::StateArchive() : out_(std::make_unique<cereal::BinaryOutputArchive>(stream_)) {}

StateArchive::StateArchive(std::string bytes, std::string name)
    : name_(std::move(name)),
      stream_(std::move(bytes)),
      in_(std::make_unique<cereal::BinaryInputArchive>(stream_)) {}

void StateArchive::finish() {
  require(stream_.peek() == std::stringstream::traits_type::eof());
}

void StateArchive::refuse() const {
  throw Error("TW-STATE-002", "the state does not fit this program or these settings", name_,
              "remove it, and start anew");
}

std::string sealed(const std::string& kind, const std::string& bytes) {
  return kind + "\n" + sha256(bytes) + "\n" + bytes;
}

std::string unsealed(const std::string& kind, const std::string& text, const std::string& where) {
  const std::string head = kind + "\n";
  const std::size_t hash_size = sha256("").size();
  const std::size_t begin = head.size() + hash_size + 1;
  if (!text.starts_with(head) || text.size() < begin || text[begin - 1] != '\n')
    throw Error("TW-STATE-001", "is no " + kind, where, "remove it, and start anew");
  std::string bytes = text.substr(begin);
  if (sha256(bytes) != text.substr(head.size(), hash_size))
    throw Error("TW-STATE-001", "is damaged or cut short", where, "remove it, and start anew");
  return bytes;
}

}  // namespace tilewright
