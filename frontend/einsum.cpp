#include "frontend/einsum.h"

#include <algorithm>

#include "frontend/op_helpers.h"

namespace tilewright {

namespace {

// Every index of it is one of the terms', once.
void check_result(const OpView& op, const Equation& eq) {
  for (const char c : eq.result) {
    const bool known = c == '.' || eq.extent.contains(c);
    if (!known || std::count(eq.result.begin(), eq.result.end(), c) != 1)
      op.mismatch("an index of the result is unknown, or there twice");
  }
}

}  // namespace

// Splits "ij,jk->ik"; binds every letter to its extent. The ellipsis is written '.'.
Equation parse_einsum(const OpView& op) {
  std::string text = op.attr_string("equation", "");
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == ' '; }), text.end());
  for (std::size_t at = 0; (at = text.find("...")) != std::string::npos;) {
    text.replace(at, 3, ".");
  }
  Equation eq;
  const std::size_t arrow = text.find("->");
  std::string left = text.substr(0, arrow);
  for (std::size_t start = 0; start <= left.size();) {
    const std::size_t end = std::min(left.find(',', start), left.size());
    eq.terms.push_back(left.substr(start, end - start));
    start = end + 1;
  }
  if (eq.terms.size() != op.inputs()) {
    op.mismatch("the equation has " + std::to_string(eq.terms.size()) + " terms for " +
                std::to_string(op.inputs()) + " inputs");
  }
  for (std::size_t i = 0; i < eq.terms.size(); ++i) {
    const std::string& term = eq.terms[i];
    const std::size_t letters = static_cast<std::size_t>(
        std::count_if(term.begin(), term.end(), [](char c) { return c != '.'; }));
    const bool dots = letters != term.size();
    if (term.size() > letters + 1 || op.shape(i).size() < letters ||
        (!dots && op.shape(i).size() != letters)) {
      op.mismatch("a term of the equation does not fit its input");
    }
    std::size_t at = 0;
    for (const char c : term) {
      if (c == '.') {
        const std::size_t count = op.shape(i).size() - letters;
        const Shape own(op.shape(i).begin() + static_cast<std::ptrdiff_t>(at),
                        op.shape(i).begin() + static_cast<std::ptrdiff_t>(at + count));
        eq.broadcast = op::broadcast_shape(op, eq.broadcast, own);
        at += count;
        continue;
      }
      const std::int64_t own = op.shape(i)[at++];
      const auto [entry, fresh] = eq.extent.try_emplace(c, own);
      if (!fresh && entry->second != own && own != 1 && entry->second != 1) {
        op.mismatch(std::string("index ") + c + " has two extents");
      }
      if (entry->second == 1) entry->second = own;  // one of no elements stays that
    }
  }
  if (arrow != std::string::npos) {
    eq.result = text.substr(arrow + 2);
  } else {
    std::string all;
    for (const std::string& term : eq.terms) {
      all += term;
    }
    for (const auto& [letter, size] : eq.extent) {
      if (std::count(all.begin(), all.end(), letter) == 1) {
        eq.result += letter;
      }
    }
    if (all.find('.') != std::string::npos) {
      eq.result.insert(0, ".");
    }
  }
  check_result(op, eq);
  return eq;
}

namespace {

// Every axis of the term: a letter, or '.' with the place in the ellipsis.
struct Index {
  char letter;
  std::size_t place;
  bool operator==(const Index&) const = default;
};

std::vector<Index> indices_of(const std::string& term, std::size_t dots) {
  std::vector<Index> indices;
  for (const char c : term) {
    for (std::size_t i = 0; i < (c == '.' ? dots : 1); ++i) indices.push_back({c, i});
  }
  return indices;
}

}  // namespace

EinsumLoops einsum_loops(const OpView& op, const Equation& eq) {
  std::vector<Index> space;
  const auto add = [&](const std::string& term) {
    for (const Index& index : indices_of(term, eq.broadcast.size())) {
      if (std::find(space.begin(), space.end(), index) == space.end()) space.push_back(index);
    }
  };
  add(eq.result);
  for (const std::string& term : eq.terms) add(term);

  EinsumLoops loops;
  for (const Index& index : space) {
    loops.extent.push_back(index.letter == '.' ? eq.broadcast[index.place]
                                               : eq.extent.at(index.letter));
  }
  const auto strides = [&](const std::string& term, const Shape& shape) {
    // An input's ellipsis may stand for fewer axes: the last ones.
    const auto letters = static_cast<std::size_t>(
        std::count_if(term.begin(), term.end(), [](char c) { return c != '.'; }));
    const std::size_t dots = shape.size() - letters;
    Shape of(space.size(), 0);
    std::int64_t step = 1;
    std::vector<Index> indices = indices_of(term, dots);
    for (std::size_t a = indices.size(); a-- > 0; step *= shape[a]) {
      Index index = indices[a];
      if (index.letter == '.') index.place += eq.broadcast.size() - dots;
      const auto at = std::find(space.begin(), space.end(), index) - space.begin();
      of[static_cast<std::size_t>(at)] += shape[a] == 1 ? 0 : step;
    }
    return of;
  };
  for (std::size_t i = 0; i < eq.terms.size(); ++i) {
    loops.strides.push_back(strides(eq.terms[i], op.shape(i)));
  }
  loops.strides.push_back(strides(eq.result, op.output(0).shape));
  return loops;
}

}  // namespace tilewright
