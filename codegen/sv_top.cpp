#include "codegen/sv_text.h"
#include "codegen/template.h"

namespace tilewright {
namespace {

constexpr std::string_view kTop = R"(@HEADER@//
// The chip: a mesh of @W@ x @H@ tiles, each link between neighbours, and one host port.
//
// Protocol     start_i for one cycle starts every tile's program. done_o is high when all tiles
//              have halted, error_o when one has stopped on an error. Links: valid/ready, one flit
//              {head, tail, payload} a transfer; packets as in tcc_noc_pkg.
// Host port    The host is node (0, MESH_H) of the network, one row below the mesh. Its packets
//              enter by the West link of tile (0, 0), from where all tiles are reached; packets
//              to it leave by the South link of tile (0, MESH_H - 1), where the routes of all
//              tiles to (0, MESH_H) end. (Routes go along x first, so that no packet ever leaves
//              westwards.) A tile's SEND to the host waits for the host's grant packet; a tile's
//              RECV from the host sends one: see tcc_ni. In a mesh of 64 rows the host has no
//              address and can only send.
// Edges        Every other link at the edge is tied off; a packet to nowhere is taken and dropped.
// Latency      start_i, done_o and error_o are registered here; 1 cycle a hop.
// Parameters   WholeChip: see WHOLE_CHIP in the package. ImemDir, WmemDir, DmemDir: folders, each
//              ending in "/", that hold tile_XX_YY.hex of every tile; empty: blank memories.
module @ID@_top #(
  parameter int WholeChip = @ID@_pkg::WHOLE_CHIP,
  parameter     ImemDir = "",
  parameter     WmemDir = "",
  parameter     DmemDir = ""
) (
  input  logic @PAD@ clk_i,
  input  logic @PAD@ rst_ni,

  input  logic @PAD@ start_i,
  output logic @PAD@ done_o,
  output logic @PAD@ error_o,

  // From the host
  input  logic [@ID@_pkg::FLIT_W-1:0] host_flit_i,
  input  logic @PAD@ host_valid_i,
  output logic @PAD@ host_ready_o,

  // To the host
  output logic [@ID@_pkg::FLIT_W-1:0] host_flit_o,
  output logic @PAD@ host_valid_o,
  input  logic @PAD@ host_ready_i
);

  localparam int MESH_W = @ID@_pkg::MESH_W;
  localparam int MESH_H = @ID@_pkg::MESH_H;
  localparam int FLIT_W = @ID@_pkg::FLIT_W;
  localparam int CONFIG_W = @ID@_pkg::CONFIG_W;
  localparam int STEPS_W = @ID@_pkg::STEPS_W;
  localparam int SLICE_W = @ID@_pkg::SLICE_W;
  localparam int FIRST_W = @ID@_pkg::FIRST_W;

  // Sides of a tile, as tcc_tile orders its links.
  localparam int NORTH = 0;
  localparam int EAST = 1;
  localparam int SOUTH = 2;
  localparam int WEST = 3;

  logic                     start_q, done_q, error_q;
  logic [MESH_W*MESH_H-1:0] done, error;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      start_q <= 1'b0;
      done_q  <= 1'b0;
      error_q <= 1'b0;
    end else begin
      start_q <= start_i;
      done_q  <= &done;
      error_q <= |error;
    end
  end

  assign done_o  = done_q;
  assign error_o = error_q;

  for (genvar y = 0; y < MESH_H; y++) begin : gen_row
    for (genvar x = 0; x < MESH_W; x++) begin : gen_col
      localparam int TILE = y * MESH_W + x;
      localparam logic [SLICE_W-1:0] SLICE =
          @ID@_pkg::TILES[SLICE_W*TILE +: SLICE_W];
      localparam int CONFIG = 32'(SLICE[CONFIG_W-1:0]);
      localparam int WMEM_KIB = 64 * 32'(SLICE[CONFIG_W +: STEPS_W]);
      localparam int FIRST =
          32'(@ID@_pkg::FIRST_TILE[FIRST_W*CONFIG +: FIRST_W]);
      localparam logic [8*14-1:0] IMAGE = {
        "tile_", 8'(48 + x / 10), 8'(48 + x % 10), "_", 8'(48 + y / 10), 8'(48 + y % 10), ".hex"
      };

      logic [4*FLIT_W-1:0] in_flit, out_flit;
      logic [3:0]          in_valid, in_ready, out_valid, out_ready;

@LINKS@      @ID@_tile #(
        .Config   (CONFIG),
        .Shell    ((WholeChip == 0) && (FIRST != TILE)),
        .WmemKib  (WMEM_KIB),
        .ImemFile ((ImemDir == "") ? "" : {ImemDir, IMAGE}),
        .WmemFile ((WmemDir == "") ? "" : {WmemDir, IMAGE}),
        .DmemFile ((DmemDir == "") ? "" : {DmemDir, IMAGE})
      ) u_tile (
        .clk_i   (clk_i),
        .rst_ni  (rst_ni),
        .x_i     (6'(x)),
        .y_i     (6'(y)),
        .start_i (start_q),
        .done_o  (done[TILE]),
        .error_o (error[TILE]),
        .flit_i  (in_flit),
        .valid_i (in_valid),
        .ready_o (in_ready),
        .flit_o  (out_flit),
        .valid_o (out_valid),
        .ready_i (out_ready)
      );
    end
  end

endmodule
)";

// One side of a tile: the neighbour's opposite side, or the edge.
constexpr std::string_view kLink = R"(      if (@INSIDE@) begin : gen_@SIDE@
        assign in_flit[FLIT_W*@S@ +: FLIT_W] =
            gen_row[@NY@].gen_col[@NX@].out_flit[FLIT_W*@O@ +: FLIT_W];
        assign in_valid[@S@] = gen_row[@NY@].gen_col[@NX@].out_valid[@O@];
        assign out_ready[@S@] = gen_row[@NY@].gen_col[@NX@].in_ready[@O@];
      end else begin : gen_@SIDE@_edge
@EDGE@      end

)";

// Tied off: nothing comes in, whatever leaves is dropped.
constexpr std::string_view kDrop = R"(        logic unused_flit;
        assign unused_flit = ^{out_flit[FLIT_W*@S@ +: FLIT_W], out_valid[@S@]};
        assign out_ready[@S@] = 1'b1;
)";
constexpr std::string_view kTied = R"(        logic unused_flit, unused_ready;
        assign unused_flit = ^{out_flit[FLIT_W*@S@ +: FLIT_W], out_valid[@S@]};
        assign unused_ready = in_ready[@S@];
        assign in_flit[FLIT_W*@S@ +: FLIT_W] = @ID@_pkg::NO_FLIT;
        assign in_valid[@S@] = 1'b0;
        assign out_ready[@S@] = 1'b1;
)";
constexpr std::string_view kSilence = R"(        logic unused_ready;
        assign unused_ready = in_ready[@S@];
        assign in_flit[FLIT_W*@S@ +: FLIT_W] = @ID@_pkg::NO_FLIT;
        assign in_valid[@S@] = 1'b0;
)";

// The host's two links.
constexpr std::string_view kHostIn = R"(        if (y == 0) begin : gen_host
          assign in_flit[FLIT_W*WEST +: FLIT_W] = host_flit_i;
          assign in_valid[WEST] = host_valid_i;
          assign host_ready_o = in_ready[WEST];
        end else begin : gen_none
          logic unused_ready;
          assign unused_ready = in_ready[WEST];
          assign in_flit[FLIT_W*WEST +: FLIT_W] = @ID@_pkg::NO_FLIT;
          assign in_valid[WEST] = 1'b0;
        end
)";
constexpr std::string_view kHostOut = R"(        if (x == 0) begin : gen_host
          assign host_flit_o = out_flit[FLIT_W*SOUTH +: FLIT_W];
          assign host_valid_o = out_valid[SOUTH];
          assign out_ready[SOUTH] = host_ready_i;
        end else begin : gen_none
          logic unused_flit;
          assign unused_flit = ^{out_flit[FLIT_W*SOUTH +: FLIT_W], out_valid[SOUTH]};
          assign out_ready[SOUTH] = 1'b1;
        end
)";

struct Side {
  std::string name, index, opposite, inside, x, y;
  std::string edge;  // template of the edge
};

std::string links(const Chip& chip) {
  const std::string tied(kTied), drop(kDrop), silence(kSilence), host_in(kHostIn),
      host_out(kHostOut);
  const std::vector<Side> sides = {
      {"north", "NORTH", "SOUTH", "y > 0", "x", "y-1", tied},
      {"east", "EAST", "WEST", "x < MESH_W - 1", "x+1", "y", tied},
      {"south", "SOUTH", "NORTH", "y < MESH_H - 1", "x", "y+1", silence + host_out},
      {"west", "WEST", "EAST", "x > 0", "x-1", "y", drop + host_in},
  };
  std::string text;
  for (const Side& side : sides) {
    const std::string edge = fill(side.edge, {{"S", side.index}, {"ID", chip.id}});
    text += fill(kLink, {{"INSIDE", side.inside},
                         {"SIDE", side.name},
                         {"S", side.index},
                         {"O", side.opposite},
                         {"NX", side.x},
                         {"NY", side.y},
                         {"EDGE", edge}});
  }
  return text;
}

}  // namespace

std::string top_text(const Chip& chip) {
  return fill(
      kTop, {{"HEADER", commented(chip.header, "//")},
             {"ID", chip.id},
             {"W", std::to_string(chip.mesh_w)},
             {"H", std::to_string(chip.mesh_h)},
             {"LINKS", links(chip)},
             {"PAD", std::string(chip.id.size() + std::string("[_pkg::FLIT_W-1:0]").size(), ' ')}});
}

}  // namespace tilewright
