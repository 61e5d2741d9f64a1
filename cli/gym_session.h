// The gym protocol (docs/gym.md): JSON requests in, JSON answers out, one search problem at a time.
#pragma once

#include <cstdint>
#include <memory>

#include "support/json_fwd.h"

namespace tilewright {

class GymSession {
 public:
  GymSession();
  ~GymSession();

  // Never throws for what a client sent: an error is an answer with "ok": false, and the session
  // goes on.
  Json answer(const std::string& line);
  bool closed() const { return closed_; }

 private:
  struct Opened;
  Json dispatch(const Json& request);
  Opened& opened();
  Json open(const Json& request);
  Json evaluate(const Json& request);
  Json reset();
  Json step(const Json& request);

  std::unique_ptr<Opened> opened_;
  bool closed_ = false;
};

}  // namespace tilewright
