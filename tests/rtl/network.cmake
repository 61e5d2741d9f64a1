# The network: FIFO, router, meshes of routers, network interface, binary32 adder, and whole tiles on a mesh.

rtl_model(fp32_add_model TOP tcc_fp32_add)
rtl_bench(fp32_add SOURCE fp32_add_bench.cpp MODELS fp32_add_model)

# As the router has it (pass-through) and as the tensor engine has it.
function(fifo_bench width depth pass_through)
  math(EXPR bits "${width} + 2")
  set(name fifo_${width}_${depth}_${pass_through})
  rtl_model(${name}_model TOP tcc_fifo PARAMETERS Width=${bits} Depth=${depth} PassThrough=1'b${pass_through})
  rtl_bench(${name} SOURCE fifo_bench.cpp MODELS ${name}_model
            DEFINES DFLIT_WIDTH=${width} FIFO_DEPTH=${depth} PASS_THROUGH=${pass_through})
endfunction()
fifo_bench(64 3 1)
fifo_bench(8192 1 1)
fifo_bench(64 2 0)
fifo_bench(192 4 0)

# As the interfaces of those tiles have it: rows of one segment, of two, of four.
foreach(lanes 2 4 8)
  rtl_model(ni_lanes_${lanes}_model TOP tcc_ni_lanes PARAMETERS Vlen=256 Lanes=${lanes} Banks=4)
  rtl_bench(ni_lanes_${lanes} SOURCE ni_lanes_bench.cpp MODELS ni_lanes_${lanes}_model
            DEFINES VLEN=256 LANES=${lanes} BANKS=4)
endforeach()

# What counts the rows and the words of messages; flits of one slice and of two.
rtl_model(ni_walk_model TOP tcc_ni_walk PARAMETERS Vlen=256 DmemAw=14 Queue=2)
rtl_bench(ni_walk SOURCE ni_walk_bench.cpp MODELS ni_walk_model DEFINES VLEN=256 DMEM_AW=14 QUEUE=2)
foreach(width 64 320)
  rtl_model(ni_cursor_${width}_model TOP tcc_ni_cursor PARAMETERS Vlen=256 DflitWidth=${width})
  rtl_bench(ni_cursor_${width} SOURCE ni_cursor_bench.cpp MODELS ni_cursor_${width}_model
            DEFINES VLEN=256 DFLIT=${width})
endforeach()

# Both ends of DFLIT_WIDTH.
foreach(width 64 8192)
  rtl_model(noc_router_${width}_model TOP noc_router_top SOURCES noc_router_top.sv PARAMETERS DflitWidth=${width})
  rtl_bench(noc_router_${width} SOURCE noc_router_bench.cpp MODELS noc_router_${width}_model
            DEFINES DFLIT_WIDTH=${width})
endforeach()

# Meshes of routers as the tile has them.
rtl_model(noc_mesh_model TOP noc_router_top SOURCES noc_router_top.sv)
rtl_bench(noc_mesh SOURCE noc_mesh_bench.cpp MODELS noc_mesh_model)
rtl_bench(noc_soak SOURCE noc_soak_bench.cpp MODELS noc_mesh_model)

# Both ends of both widths, flits that are no power of two of words, flits wider than a row, of a row, and narrower.
function(noc_ni_bench vlen width messages)
  set(name noc_ni_${vlen}_${width})
  rtl_model(${name}_model TOP noc_node_top SOURCES noc_node_top.sv
            PARAMETERS Vlen=${vlen} DflitWidth=${width} DmemAw=14 MeshCols=4 MeshRows=4)
  rtl_bench(${name} SOURCE noc_ni_bench.cpp MODELS ${name}_model
            DEFINES SIDE=4 VLEN=${vlen} DFLIT_WIDTH=${width} MESSAGES=${messages})
endfunction()
noc_ni_bench(128 64 30000)
noc_ni_bench(256 64 30000)
noc_ni_bench(2048 64 6000)
noc_ni_bench(128 192 30000)
noc_ni_bench(512 192 15000)
noc_ni_bench(256 256 15000)
noc_ni_bench(128 8192 300)
noc_ni_bench(2048 8192 600)

# All-reduce of 64 KiB on 8x8 nodes: at least so many per cent of link use; where a row is only two flits, the memory
# port is the limit.
function(noc_all_reduce_bench vlen width least)
  set(name noc_all_reduce_${vlen}_${width})
  rtl_model(${name}_model TOP noc_node_top SOURCES noc_node_top.sv
            PARAMETERS Vlen=${vlen} DflitWidth=${width} DmemAw=14 MeshCols=8 MeshRows=8)
  rtl_bench(${name} SOURCE noc_all_reduce_bench.cpp MODELS ${name}_model
            DEFINES SIDE=8 VLEN=${vlen} DFLIT_WIDTH=${width} LEAST_PERCENT=${least})
endfunction()
noc_all_reduce_bench(256 64 90)
noc_all_reduce_bench(512 128 90)
noc_all_reduce_bench(256 128 75)

# The bench of the interface on what Yosys makes of router and interface: gates and flip-flops.
set(NETWORK_RTL tcc_noc_pkg.sv tcc_fifo.sv tcc_router.sv tcc_fp32_add.sv tcc_ni_walk.sv tcc_ni_cursor.sv
    tcc_ni_lanes.sv tcc_ni_rows.sv tcc_ni_send.sv tcc_ni_recv.sv tcc_ni.sv)
list(TRANSFORM NETWORK_RTL PREPEND "${RTL_DIR}/")
set(netlist "${CMAKE_CURRENT_BINARY_DIR}/noc_netlist_model")
file(MAKE_DIRECTORY "${netlist}")
list(JOIN NETWORK_RTL " " files)
set(read "read_verilog -sv -I${RTL_DIR} ${files}")
add_custom_command(
  OUTPUT "${netlist}/Vdut__ALL.a"
  COMMAND ${YOSYS_BIN} -q -p "${read}; synth -flatten -top tcc_router; write_verilog -noattr ${netlist}/router.v"
  COMMAND ${YOSYS_BIN} -q -p "${read}; chparam -set Vlen 256 -set DmemAw 14 -set MeshCols 4 -set MeshRows 4 tcc_ni; \
synth -flatten -top tcc_ni; rename -top tcc_ni; write_verilog -noattr ${netlist}/ni.v"
  COMMAND ${VERILATOR_BIN} --cc --build -j 2 -Wno-lint -Wno-UNOPTFLAT -DNETLIST -O3 --x-assign fast --x-initial fast
          --output-split 20000 -MAKEFLAGS OPT_FAST=-O1 --prefix Vdut --Mdir "${netlist}" --top-module noc_node_top
          -GDmemAw=14 "${CMAKE_CURRENT_SOURCE_DIR}/noc_node_top.sv" "${netlist}/router.v" "${netlist}/ni.v"
  DEPENDS ${NETWORK_RTL} "${CMAKE_CURRENT_SOURCE_DIR}/noc_node_top.sv"
  COMMENT "Synthesising and verilating noc_netlist" VERBATIM)
add_custom_target(noc_netlist_build DEPENDS "${netlist}/Vdut__ALL.a")
add_library(noc_netlist_model INTERFACE)
add_dependencies(noc_netlist_model noc_netlist_build)
target_include_directories(noc_netlist_model SYSTEM INTERFACE "${netlist}")
target_link_libraries(noc_netlist_model INTERFACE "${netlist}/Vdut__ALL.a" rtl_verilated)
set_target_properties(noc_netlist_model PROPERTIES RTL_LIBRARY "${netlist}/Vdut__ALL.a")
rtl_bench(noc_netlist SOURCE noc_ni_bench.cpp MODELS noc_netlist_model DEFINES SIDE=4 VLEN=256
          DFLIT_WIDTH=64 MESSAGES=3000)

# One matrix-vector product on 4x4 tiles.
function(mesh_gemv_bench vlen width wmem_kib)
  set(name mesh_gemv_${vlen}_${width})
  rtl_model(${name}_model TOP noc_tile_top SOURCES noc_tile.vlt noc_tile_top.sv
            PARAMETERS Vlen=${vlen} DflitWidth=${width} WmemKib=${wmem_kib})
  rtl_bench(${name} SOURCE mesh_gemv_bench.cpp MODELS ${name}_model FLOORS codegen
            DEFINES VLEN=${vlen} DFLIT_WIDTH=${width} WMEM_KIB=${wmem_kib})
endfunction()
mesh_gemv_bench(128 512 64)
mesh_gemv_bench(256 128 64)
mesh_gemv_bench(256 64 256)

# The two units by themselves: lint (which misses only the packages' constants that one unit alone leaves unused), Yosys's
# structural check.
foreach(width 64 192 8192)
  foreach(unit router ni)
    set(units ${NETWORK_RTL})
    if(unit STREQUAL router)
      list(FILTER units INCLUDE REGEX "noc_pkg|fifo|router")
    else()
      list(FILTER units EXCLUDE REGEX "router")
    endif()
    add_test(NAME rtl.lint_${unit}_${width}
             COMMAND ${VERILATOR_BIN} --lint-only --assert -Wall -Wno-UNUSEDPARAM -GDflitWidth=${width} --top-module tcc_${unit}
                     "-I${RTL_DIR}" ${units})
    add_test(NAME rtl.yosys_${unit}_${width}
             COMMAND ${YOSYS_BIN} -q -p "${read}; chparam -set DflitWidth ${width} tcc_${unit}; \
hierarchy -check -top tcc_${unit}; proc; check -assert")
    set_tests_properties(rtl.lint_${unit}_${width} rtl.yosys_${unit}_${width} PROPERTIES LABELS rtl TIMEOUT 300)
  endforeach()
endforeach()
