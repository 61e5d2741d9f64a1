# Tiles mapped by Yosys: to the cells of a library, whose functions then make the netlist a simulation model, and to the
# smallest FPGAs. "cmake --build BUILD --target synth", then "ctest -L synth". The library is unpacked first.
if(DEFINED ENV{TILEWRIGHT_DATA})
  set(TILEWRIGHT_LIBERTY "$ENV{TILEWRIGHT_DATA}/pdk/asap7/asap7_rvt_tt_lite.lib.xz" CACHE FILEPATH
      "cell library (Liberty, .lib or .lib.xz) of the parameter sweep and the mapped tiles")
endif()
set(SYNTH_DIR "${CMAKE_CURRENT_BINARY_DIR}/synth")
set(SYNTH_CELLS "${SYNTH_DIR}/cells.lib")
set(SYNTH_FLIPFLOPS "${SYNTH_DIR}/flipflops.lib")
file(MAKE_DIRECTORY "${SYNTH_DIR}")
# As "verify --level synth" does it.
set(SYNTH_PASSES "proc; blackbox *tcc_imem *tcc_wmem *tcc_dmem; chformal -remove; opt; memory -nomap; memory_map; opt; \
techmap; opt -fast; dfflibmap -liberty ${SYNTH_FLIPFLOPS}; abc -liberty ${SYNTH_CELLS}; opt_clean")
add_custom_target(synth)

# The largest part that an iCE40 holds, where nextpnr is installed.
find_program(NEXTPNR_ICE40 nextpnr-ice40)
if(NEXTPNR_ICE40)
  list(JOIN RTL_FILES " " files)
  rtl_bench(fpga SOURCE fpga_bench.cpp FLOORS support verify
            DEFINES RTL="${RTL_DIR}" RTL_FILES="${files} ${CMAKE_CURRENT_SOURCE_DIR}/fpga_recv.sv" LONG synth)
  target_link_libraries(rtl_bench_fpga PRIVATE fmt::fmt)
  set_tests_properties(rtl.fpga PROPERTIES TIMEOUT 7200)
  add_dependencies(synth rtl_bench_fpga)
else()
  add_test(NAME rtl.fpga COMMAND ${CMAKE_COMMAND} -E echo "not run: apt-get install nextpnr-ice40")
  set_tests_properties(rtl.fpga PROPERTIES LABELS synth SKIP_REGULAR_EXPRESSION "not run")
endif()

if(NOT TILEWRIGHT_LIBERTY OR NOT EXISTS "${TILEWRIGHT_LIBERTY}")
  message(STATUS "no cell library (TILEWRIGHT_LIBERTY, or TILEWRIGHT_DATA in the environment): tiles are not mapped")
  return()
endif()
set(unpack cat)
if(TILEWRIGHT_LIBERTY MATCHES "[.]xz$")
  set(unpack xz -dc)
endif()
# Yosys 0.23 takes the clear of a flip-flop with an inverted output for its reset: it sets the output that the netlist
# inverts again. For dfflibmap alone, clear and preset of ASAP7's such cell change places.
add_custom_command(OUTPUT "${SYNTH_CELLS}" "${SYNTH_FLIPFLOPS}"
                   COMMAND ${unpack} "${TILEWRIGHT_LIBERTY}" > "${SYNTH_CELLS}"
                   COMMAND sed -e "s/clear : .!SETN./clear : \"!RESETN\"/" -e "s/preset : .!RESETN./preset : \"!SETN\"/"
                           "${SYNTH_CELLS}" > "${SYNTH_FLIPFLOPS}"
                   DEPENDS "${TILEWRIGHT_LIBERTY}" VERBATIM)
add_custom_target(synth_cells DEPENDS "${SYNTH_CELLS}")

# mapped_tile(OUT STAT Name=value ...): in OUT the commands for Yosys that map a tile of these parameters to cells, module by
# module, and write to STAT what each is made of and its area.
function(mapped_tile out stat)
  list(JOIN RTL_FILES " " files)
  list(TRANSFORM ARGN REPLACE "(.*)=(.*)" "chparam -set \\1 \\2 tcc_tile" OUTPUT_VARIABLE parameters)
  string(REPLACE ";" "; " parameters "${parameters}")
  set(${out} "read_verilog -sv -I${RTL_DIR} ${files}; ${parameters}; hierarchy -check -top tcc_tile; ${SYNTH_PASSES}; \
tee -q -o ${stat} stat -liberty ${SYNTH_CELLS} -top tcc_tile" PARENT_SCOPE)
endfunction()

# rtl_mapped_model(NAME DEFINES name=value ... PARAMETERS Name=value ...): as rtl_model, of the tile's cells. Yosys makes
# modules of the library's functions and puts them in the place of the cells; the memories stay the library's.
function(rtl_mapped_model name)
  cmake_parse_arguments(arg "" "" "DEFINES;PARAMETERS" ${ARGN})
  set(folder "${SYNTH_DIR}/${name}")
  set(library "${folder}/Vdut__ALL.a")
  set(netlist "${folder}/tile.v")
  file(MAKE_DIRECTORY "${folder}")
  mapped_tile(mapping "${folder}/tile.stat" ${arg_PARAMETERS})
  add_custom_command(
    OUTPUT "${netlist}"
    COMMAND ${YOSYS_BIN} -q -p "${mapping}; \
setattr -mod -set keep_hierarchy 1 *; read_liberty -ignore_miss_func ${SYNTH_CELLS}; hierarchy -top tcc_tile; flatten; \
opt_clean; write_verilog -noattr ${netlist}"
    COMMAND sed -i -E "s/^( *)\\\\[$]paramod[^ ]*\\\\tcc_([iwd]mem)(\\\\[^ ]*)? /\\1gate_\\2 /" "${netlist}"
    DEPENDS ${RTL_FILES} "${SYNTH_CELLS}" COMMENT "Mapping ${name}" VERBATIM)
  set(memories "${CMAKE_CURRENT_SOURCE_DIR}/gate_memories.sv")
  set(macros "${RTL_DIR}/tcc_pkg.sv" "${RTL_DIR}/tcc_imem.sv" "${RTL_DIR}/tcc_wmem.sv" "${RTL_DIR}/tcc_dmem.sv" "${memories}")
  list(TRANSFORM arg_DEFINES PREPEND "-D")
  # Hundreds of thousands of gates for some thousand cycles: what compiles fast is fastest. Few files, since each reads a
  # header that declares every net.
  add_custom_command(
    OUTPUT "${library}"
    COMMAND ${VERILATOR_BIN} --cc --build -j 2 -Wno-lint -Wno-UNOPTFLAT -O3 --x-assign fast --x-initial fast
            --output-split 400000 --output-split-cfuncs 20000 -MAKEFLAGS "OPT_FAST=-O0" -MAKEFLAGS "OPT_SLOW=-O0"
            --prefix Vdut --Mdir "${folder}" --top-module tcc_tile ${arg_DEFINES} "-I${RTL_DIR}" ${macros} "${netlist}"
    DEPENDS "${netlist}" "${memories}" COMMENT "Verilating ${name}" VERBATIM)
  add_custom_target(${name}_build DEPENDS "${library}")
  add_library(${name} INTERFACE)
  add_dependencies(${name} ${name}_build)
  target_include_directories(${name} SYSTEM INTERFACE "${folder}")
  target_link_libraries(${name} INTERFACE "${library}" rtl_verilated)
  set_target_properties(${name} PROPERTIES RTL_LIBRARY "${library}")
endfunction()

function(gate_bench name fetch stanum xdpnum xrwp vdpnum vrwp vlen dmem imem wmem dflit)
  set(defines FETCH=${fetch} VLEN=${vlen} DFLIT=${dflit} DMEM_KIB=${dmem} IMEM_KIB=${imem} WMEM_KIB=${wmem})
  rtl_mapped_model(gates_${name}_model DEFINES ${defines}
                   PARAMETERS FetchSize=${fetch} Stanum=${stanum} Xdpnum=${xdpnum} XrWp=${xrwp} Vdpnum=${vdpnum} VrWp=${vrwp}
                              Vlen=${vlen} DmemKib=${dmem} ImemKib=${imem} WmemKib=${wmem} DflitWidth=${dflit})
  rtl_bench(gates_${name} SOURCE gate_bench.cpp MODELS gates_${name}_model FLOORS support verify
            DEFINES ${defines} TILES=1 MAPPED LONG synth 3)
  add_dependencies(synth rtl_bench_gates_${name})
endfunction()
gate_bench(least 1 1 1 1 1 1 128 16 1 64 64)
gate_bench(typical 2 8 2 2 2 2 256 32 8 128 128)

# The largest all-round tile (whose model builds in ten minutes) is mapped, and not simulated: synth_largest.
mapped_tile(mapping "${SYNTH_DIR}/largest.stat" FetchSize=8 Stanum=32 Xdpnum=4 XrWp=4 Vdpnum=2 VrWp=4 Vlen=1024 DmemKib=256
            ImemKib=64 WmemKib=512 DflitWidth=1024)
add_custom_command(OUTPUT "${SYNTH_DIR}/largest.stat" COMMAND ${YOSYS_BIN} -q -p "${mapping}"
                   DEPENDS ${RTL_FILES} "${SYNTH_CELLS}" COMMENT "Mapping the largest tile" VERBATIM)
add_custom_target(synth_largest DEPENDS "${SYNTH_DIR}/largest.stat")
