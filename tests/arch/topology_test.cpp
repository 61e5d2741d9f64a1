#include "arch/topology.h"

#include <gtest/gtest.h>

#include "arch/design.h"
#include "support/error.h"
#include "support/json.h"

namespace tilewright {
namespace {

TEST(TopologyText, ReadsBackTheSame) {
  for (const char* text :
       {"mesh", "torus", "ring", "hierarchical:cluster=4,width=1",
        "hierarchical:cluster=3,width=2.5", "chiplets:columns=8,width=0.5,latency=2",
        "chiplets:columns=5,width=0.25,latency=3.5,energy=0.3"}) {
    EXPECT_EQ(to_text(parse_topology(text)), text);
  }
}

TEST(TopologyText, WhatIsNotSaidIsTheUsual) {
  EXPECT_EQ(to_text(parse_topology("chiplets")), "chiplets:columns=8,width=0.5,latency=2");
  EXPECT_EQ(to_text(parse_topology("chiplets:latency=4")),
            "chiplets:columns=8,width=0.5,latency=4");
  EXPECT_EQ(to_text(parse_topology("hierarchical")), "hierarchical:cluster=4,width=1");
  EXPECT_EQ(parse_topology("mesh"), Topology{});
}

TEST(TopologyText, RefusesWhatIsNone) {
  for (const char* text :
       {"", "star", "mesh:columns=2", "torus:width=2", "ring:", "chiplets:", "chiplets:columns",
        "chiplets:columns=", "chiplets:columns=0", "chiplets:columns=2.5", "chiplets:width=0",
        "chiplets:width=nan", "chiplets:cluster=4", "chiplets:columns=4,", "chiplets:energy=-1",
        "hierarchical:cluster=1", "hierarchical:cluster=4x", "Mesh", " mesh"}) {
    try {
      parse_topology(text);
      ADD_FAILURE() << "'" << text << "' was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.id(), "TW-ARCH-003") << text;
    }
  }
}

TEST(DesignFile, NamesATopologyThatIsNotTheMesh) {
  Design d;
  d.actions.fill(1);
  d.tiles = {{1, 128, 16, 1, 64}};
  EXPECT_FALSE(to_json(d).contains("topology"));
  d.topology = parse_topology("chiplets:columns=3");
  EXPECT_EQ(to_json(d).at("topology"), "chiplets:columns=3,width=0.5,latency=2");
  EXPECT_EQ(design_from_json(parse_json(to_text(to_json(d)), "t"), "t"), d);
  Json json = to_json(d);
  json["topology"] = "star";
  EXPECT_THROW(design_from_json(json, "t"), Error);
}

TEST(Topology, OnlyAMeshIsEmitted) {
  EXPECT_EQ(not_emitted({}), "");
  EXPECT_NE(not_emitted(parse_topology("torus")).find("torus"), std::string::npos);
}

}  // namespace
}  // namespace tilewright
