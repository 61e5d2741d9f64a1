// What the closed form is written in: a double, or an Eigen array of designs, with one set of
// functions for both.
#pragma once

#include <Eigen/Core>
#include <cmath>

namespace tilewright::kernel {

inline constexpr int kLanes = 8;
using Pack = Eigen::Array<double, kLanes, 1>;

inline double exp(double x) {
  return std::exp(x);
}
inline double log(double x) {
  return std::log(x);
}
inline double sqrt(double x) {
  return std::sqrt(x);
}
inline double pow(double x, double p) {
  return std::pow(x, p);
}
inline double max(double a, double b) {
  return a > b ? a : b;
}
inline double min(double a, double b) {
  return a < b ? a : b;
}
inline Pack exp(const Pack& x) {
  return x.exp();
}
inline Pack log(const Pack& x) {
  return x.log();
}
inline Pack sqrt(const Pack& x) {
  return x.sqrt();
}
// Bases are positive, so x^p = exp(p ln x): two vector calls in place of Eigen's careful pow.
inline Pack pow(const Pack& x, double p) {
  return (x.log() * p).exp();
}
inline Pack max(const Pack& a, double b) {
  return a.max(b);
}
inline Pack max(const Pack& a, const Pack& b) {
  return a.max(b);
}
inline Pack min(const Pack& a, double b) {
  return a.min(b);
}
template <typename V>
V splat(double x);
template <>
inline double splat<double>(double x) {
  return x;
}
template <>
inline Pack splat<Pack>(double x) {
  return Pack::Constant(x);
}
inline Pack min(const Pack& a, const Pack& b) {
  return a.min(b);
}

template <typename V>
V square(const V& x) {
  return x * x;
}

inline double ceiling(double x) {
  return std::ceil(x);
}
inline Pack ceiling(const Pack& x) {
  return x.ceil();
}

}  // namespace tilewright::kernel
