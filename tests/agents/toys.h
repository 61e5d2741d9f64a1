// Small control tasks with known answers, for the learners.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "agents/torch/shape.h"
#include "support/random.h"

namespace tilewright::rl::toys {

// Swing-up of a pendulum by the equations of Gym's Pendulum-v1: g 10, m 1, l 1, dt .05, torque
// within 2, speed within 8, walks of 200 steps, reward -(angle^2 + .1 speed^2 + .001 torque^2).
// Observation: cos, sin, speed. Its best mean return is about -150.
class Pendulum {
 public:
  static constexpr int kSteps = 200;
  static Shape shape() { return {.states = 3, .moves = 1}; }

  void reset(RandomStream& random) {
    angle_ = random.uniform(-std::numbers::pi, std::numbers::pi);
    speed_ = random.uniform(-1, 1);
  }
  std::vector<float> state() const {
    return {static_cast<float>(std::cos(angle_)), static_cast<float>(std::sin(angle_)),
            static_cast<float>(speed_)};
  }
  double step(double move) {
    constexpr double kTime = 0.05, kGravity = 10;
    const double torque = 2 * std::clamp(move, -1.0, 1.0);
    const double angle = std::remainder(angle_, 2 * std::numbers::pi);
    const double reward = -(angle * angle + 0.1 * speed_ * speed_ + 0.001 * torque * torque);
    const double turn = 1.5 * kGravity * std::sin(angle_) + 3 * torque;
    speed_ = std::clamp(speed_ + turn * kTime, -8.0, 8.0);
    angle_ += speed_ * kTime;
    return reward;
  }

 private:
  double angle_ = 0, speed_ = 0;
};

// A pole on a cart by the equations of Gym's CartPole-v1: two choices, 1 a step until the pole
// leans by more than 12 degrees, the cart is 2.4 away, or 500 steps are done.
class Pole {
 public:
  static constexpr int kSteps = 500;
  static Shape shape() { return {.states = 4, .heads = 1, .choices = 2}; }

  void reset(RandomStream& random) {
    for (double& x : state_) x = random.uniform(-0.05, 0.05);
  }
  std::vector<float> state() const { return {state_.begin(), state_.end()}; }
  bool fallen() const {
    return std::fabs(state_[0]) > 2.4 || std::fabs(state_[2]) > 12 * std::numbers::pi / 180;
  }
  void step(bool right) {
    constexpr double kTime = 0.02, kGravity = 9.8, kMass = 1.1, kPole = 0.05, kHalfLength = 0.5;
    auto& [x, speed, angle, turning] = state_;
    const double cos = std::cos(angle), sin = std::sin(angle);
    const double push = ((right ? 10 : -10) + kPole * turning * turning * sin) / kMass;
    const double turn =
        (kGravity * sin - cos * push) / (kHalfLength * (4.0 / 3 - 0.1 * cos * cos / kMass));
    x += kTime * speed;
    speed += kTime * (push - kPole * turn * cos / kMass);
    angle += kTime * turning;
    turning += kTime * turn;
  }

 private:
  std::array<double, 4> state_{};
};

// A bandit of two heads of three choices and two moves whose best moves depend on the first choice.
// Known optimum: choices (2, 0), moves (.5, -.3), reward 1. The first choice's lure 0 is the best
// of random moves, and gives .6 at most.
inline double mixed_bandit(const std::vector<float>& action) {
  const auto chosen = [&](std::size_t head) {
    const auto first = action.begin() + static_cast<std::ptrdiff_t>(3 * head);
    return std::max_element(first, first + 3) - first;
  };
  const double a = static_cast<double>(action[6]), b = static_cast<double>(action[7]);
  const double second = chosen(1) == 0 ? 0 : -0.2;
  switch (chosen(0)) {
    case 0:
      return 0.6 - 0.05 * (a * a + b * b) + second;
    case 1:
      return second;
    default:
      return 1 - (a - 0.5) * (a - 0.5) - (b + 0.3) * (b + 0.3) + second;
  }
}

}  // namespace tilewright::rl::toys
