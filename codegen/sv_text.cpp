#include "codegen/sv_text.h"

#include "codegen/template.h"

namespace tilewright {
namespace {

constexpr int kConfigBits = 4, kStepBits = 16;  // a slice of the package's TILES vector

// "(x, y)" of a tile index.
std::string position(const Chip& chip, std::size_t tile) {
  const auto w = static_cast<std::size_t>(chip.mesh_w);
  return "(" + std::to_string(tile % w) + ", " + std::to_string(tile / w) + ")";
}

std::string describe(const LogicConfig& logic) {
  return "FETCH " + std::to_string(logic.fetch) + ", VLEN " + std::to_string(logic.vlen_bits) +
         ", DMEM " + std::to_string(logic.dmem_kib) + " KiB, IMEM " +
         std::to_string(logic.imem_kib) + " KiB";
}

std::string tiles_text(std::int32_t count) {
  return std::to_string(count) + (count == 1 ? " tile" : " tiles");
}

// The slices of all tiles, the last tile first, because a concatenation starts at its highest bits.
std::string tile_slices(const Chip& chip) {
  std::string out;
  for (std::size_t t = chip.tiles.size(); t-- > 0;) {
    const std::int64_t kib = chip.tiles[t].wmem_kib;
    out += "    " + std::to_string(kStepBits) + "'d" + std::to_string(kib / kWmemStepKib) + ", " +
           std::to_string(kConfigBits) + "'d" + std::to_string(chip.tile_config[t]) +
           (t > 0 ? "," : "") + "  // " + position(chip, t) + " WMEM " + std::to_string(kib) +
           " KiB\n";
  }
  return out;
}

std::string first_tiles(const Chip& chip) {
  std::string out;
  for (std::size_t c = chip.configs.size(); c-- > 0;) {
    const ChipConfig& config = chip.configs[c];
    out += "    12'd" + std::to_string(config.first_tile) + (c > 0 ? "," : "") + "  // " +
           std::to_string(c) + ": " + tiles_text(config.tiles) + ", " + describe(config.logic) +
           "\n";
  }
  return out;
}

constexpr std::string_view kPackage = R"(@HEADER@//
// What the modules of this chip are told. Every slice of TILES is one tile: {WMEM depth in steps of
// 64 KiB, logic configuration}; tile (x, y) has index y * MESH_W + x; x grows East, y grows South.
package @ID@_pkg;

  localparam int MESH_W = @W@;
  localparam int MESH_H = @H@;
  // Rows of network addresses: the mesh's, and row MESH_H below it for the host at (0, MESH_H).
  localparam int NET_ROWS = @ROWS@;

  // The same in every tile.
  localparam int STANUM = @STANUM@;
  localparam int DFLIT_WIDTH = @DFLIT@;
  localparam int XR_WP = @XRWP@;
  localparam int VR_WP = @VRWP@;
  localparam int XDPNUM = @XDPNUM@;
  localparam int VDPNUM = @VDPNUM@;

  // A link's flit: {head, tail, payload}.
  localparam int FLIT_W = DFLIT_WIDTH + 2;
  localparam logic [FLIT_W-1:0] NO_FLIT = {2'b00, {DFLIT_WIDTH{1'b0}}};

@WHOLE@
  // Logic configurations, the highest first: the index of the first tile that has it.
  localparam int FIRST_W = 12;
  localparam logic [@FIRSTBITS@:0] FIRST_TILE = {
@FIRST@  };

  // Tiles, the last first.
  localparam int CONFIG_W = @CONFIGW@;
  localparam int STEPS_W = @STEPSW@;
  localparam int SLICE_W = CONFIG_W + STEPS_W;
  localparam logic [@TILEBITS@:0] TILES = {
@TILES@  };

endpackage
)";

constexpr std::string_view kWholeAlways = R"(  // 1: every tile is built in full.
  localparam int WHOLE_CHIP = 1;
)";

// Measured with Verilator 5.006: 20 MB a tile and 1 MB a lane of tensor engine and vector unit, so
// hundreds of GB for 1722 tiles of VLEN 2048.
constexpr std::string_view kWholeButVerilator =
    R"(  // 1: every tile is built in full. Verilator copies the logic of every instance, which for this
  // chip is beyond its reach; it is shown one whole tile a configuration and shells (which hold
  // error_o high) elsewhere. "-GWholeChip=1" shows it everything.
`ifdef VERILATOR
  localparam int WHOLE_CHIP = 0;
`else
  localparam int WHOLE_CHIP = 1;
`endif
)";

// The ports that wrapper, selector and shell share with tcc_tile.
constexpr std::string_view kTilePorts = R"(  input  logic @PAD@ clk_i,
  input  logic @PAD@ rst_ni,
  input  logic [5:0]@PAD5@ x_i,
  input  logic [5:0]@PAD5@ y_i,

  input  logic @PAD@ start_i,
  output logic @PAD@ done_o,
  output logic @PAD@ error_o,

  // Links, North, East, South, West from the low end
  input  logic [4*@ID@_pkg::FLIT_W-1:0] flit_i,
  input  logic [3:0]@PAD5@ valid_i,
  output logic [3:0]@PAD5@ ready_o,
  output logic [4*@ID@_pkg::FLIT_W-1:0] flit_o,
  output logic [3:0]@PAD5@ valid_o,
  input  logic [3:0]@PAD5@ ready_i
)";

std::string tile_ports(const Chip& chip) {
  const std::size_t width = std::string("[4*_pkg::FLIT_W-1:0]").size() + chip.id.size();
  return fill(kTilePorts, {{"ID", chip.id},
                           {"PAD", std::string(width, ' ')},
                           {"PAD5", std::string(width - std::string("[5:0]").size(), ' ')}});
}

// Connections of those ports to signals of the same names.
constexpr std::string_view kPassPorts = R"(@IN@.clk_i   (clk_i),
@IN@.rst_ni  (rst_ni),
@IN@.x_i     (x_i),
@IN@.y_i     (y_i),
@IN@.start_i (start_i),
@IN@.done_o  (done_o),
@IN@.error_o (error_o),
@IN@.flit_i  (flit_i),
@IN@.valid_i (valid_i),
@IN@.ready_o (ready_o),
@IN@.flit_o  (flit_o),
@IN@.valid_o (valid_o),
@IN@.ready_i (ready_i)
)";

std::string pass_ports(int indent) {
  return fill(kPassPorts, {{"IN", std::string(static_cast<std::size_t>(indent), ' ')}});
}

constexpr std::string_view kWrapper = R"(@HEADER@//
// Logic configuration @N@, used by @TILES@: @WHAT@.
// Protocol, latency and throughput as tcc_tile; WMEM depth and memory images are the instance's.
module @ID@_tile_cfg@N@ #(
  parameter int WmemKib = @WMEM@,
  parameter     ImemFile = "",
  parameter     WmemFile = "",
  parameter     DmemFile = ""
) (
@PORTS@);

  tcc_tile #(
    .FetchSize  (@FETCH@),
    .Stanum     (@ID@_pkg::STANUM),
    .Vlen       (@VLEN@),
    .DmemKib    (@DMEM@),
    .ImemKib    (@IMEM@),
    .WmemKib    (WmemKib),
    .DflitWidth (@ID@_pkg::DFLIT_WIDTH),
    .XrWp       (@ID@_pkg::XR_WP),
    .VrWp       (@ID@_pkg::VR_WP),
    .Xdpnum     (@ID@_pkg::XDPNUM),
    .Vdpnum     (@ID@_pkg::VDPNUM),
    .MeshCols   (@ID@_pkg::MESH_W),
    .MeshRows   (@ID@_pkg::NET_ROWS),
    .ImemFile   (ImemFile),
    .WmemFile   (WmemFile),
    .DmemFile   (DmemFile)
  ) u_tile (
@PASS@  );

endmodule
)";

constexpr std::string_view kSelector = R"(@HEADER@//
// One tile by its configuration's number: the wrapper, or with Shell the tile's ports alone.
module @ID@_tile #(
  parameter int Config = 0,
  parameter bit Shell = 1'b0,
  parameter int WmemKib = 64,
  parameter     ImemFile = "",
  parameter     WmemFile = "",
  parameter     DmemFile = ""
) (
@PORTS@);

  if (Shell) begin : gen_shell
    @ID@_tile_shell u_tile (
@PASS@    );
  end else begin : gen_whole
    case (Config)
@CASES@      default: begin : gen_bad
        $error("@ID@_tile: no such configuration");
      end
    endcase
  end

endmodule
)";

constexpr std::string_view kSelectorCase = R"(      @N@: begin : gen_cfg@N@
        @ID@_tile_cfg@N@ #(
          .WmemKib  (WmemKib),
          .ImemFile (ImemFile),
          .WmemFile (WmemFile),
          .DmemFile (DmemFile)
        ) u_tile (
@PASS@        );
      end
)";

constexpr std::string_view kShell = R"(@HEADER@//
// A tile's ports with nothing inside, for tools that copy every instance's logic (see WHOLE_CHIP in
// the package). It takes and sends no flit, and error_o is high, so that a chip with shells never
// looks sound.
module @ID@_tile_shell (
@PORTS@);

  localparam int FLIT_W = @ID@_pkg::FLIT_W;

  logic unused;
  assign unused = ^{clk_i, rst_ni, x_i, y_i, start_i, flit_i, valid_i, ready_i};

  assign done_o  = 1'b0;
  assign error_o = 1'b1;
  assign ready_o = '0;
  assign valid_o = '0;

  for (genvar d = 0; d < 4; d++) begin : gen_link
    assign flit_o[FLIT_W*d +: FLIT_W] = @ID@_pkg::NO_FLIT;
  end

endmodule
)";

std::string header(const Chip& chip) {
  return commented(chip.header, "//");
}

std::string number(std::int64_t value) {
  return std::to_string(value);
}

}  // namespace

std::string package_text(const Chip& chip) {
  const auto tiles = static_cast<std::int64_t>(chip.tiles.size());
  const auto configs = static_cast<std::int64_t>(chip.configs.size());
  return fill(kPackage,
              {{"HEADER", header(chip)},
               {"ID", chip.id},
               {"W", number(chip.mesh_w)},
               {"H", number(chip.mesh_h)},
               {"ROWS", number(network_rows(chip))},
               {"STANUM", number(chip.stanum)},
               {"DFLIT", number(chip.dflit_width)},
               {"XRWP", number(chip.xr_wp)},
               {"VRWP", number(chip.vr_wp)},
               {"XDPNUM", number(chip.xdpnum)},
               {"VDPNUM", number(chip.vdpnum)},
               {"WHOLE", std::string(fits_flat(chip) ? kWholeAlways : kWholeButVerilator)},
               {"FIRSTBITS", number(12 * configs - 1)},
               {"FIRST", first_tiles(chip)},
               {"CONFIGW", number(kConfigBits)},
               {"STEPSW", number(kStepBits)},
               {"TILEBITS", number((kConfigBits + kStepBits) * tiles - 1)},
               {"TILES", tile_slices(chip)}});
}

std::string wrapper_text(const Chip& chip, std::size_t config) {
  const ChipConfig& c = chip.configs[config];
  return fill(kWrapper, {{"HEADER", header(chip)},
                         {"ID", chip.id},
                         {"N", std::to_string(config)},
                         {"TILES", tiles_text(c.tiles)},
                         {"WHAT", describe(c.logic)},
                         {"WMEM", number(c.wmem_kib)},
                         {"PORTS", tile_ports(chip)},
                         {"FETCH", number(c.logic.fetch)},
                         {"VLEN", number(c.logic.vlen_bits)},
                         {"DMEM", number(c.logic.dmem_kib)},
                         {"IMEM", number(c.logic.imem_kib)},
                         {"PASS", pass_ports(4)}});
}

std::string selector_text(const Chip& chip) {
  std::string cases;
  for (std::size_t c = 0; c < chip.configs.size(); ++c) {
    cases +=
        fill(kSelectorCase, {{"N", std::to_string(c)}, {"ID", chip.id}, {"PASS", pass_ports(10)}});
  }
  return fill(kSelector, {{"HEADER", header(chip)},
                          {"ID", chip.id},
                          {"PORTS", tile_ports(chip)},
                          {"PASS", pass_ports(6)},
                          {"CASES", cases}});
}

std::string shell_text(const Chip& chip) {
  return fill(kShell, {{"HEADER", header(chip)}, {"ID", chip.id}, {"PORTS", tile_ports(chip)}});
}

}  // namespace tilewright
