# Mutants: "make mutation", or "cmake --build BUILD --target mutation" and "ctest -L mutation". Every module of the library
# is mutated in a hundred places, and a bench that it already has must see at least 95 of a hundred that matter.
set(MUTATION_DIR "${CMAKE_CURRENT_SOURCE_DIR}/mutation")
set(MUTATION_OUT "${CMAKE_CURRENT_BINARY_DIR}/mutation")
file(MAKE_DIRECTORY "${MUTATION_OUT}")

# mutants(MODULE [DUT module] [WRAPPER module] [TOP module] [BETWEEN module ...] [PARAMETERS Name=value ...]
# [SOURCES file ...] SHORT size LONG size BENCH arguments of rtl_bench ...): a model with mutants of MODULE and a test that
# judges them. The bench instantiates DUT (default: MODULE) with PARAMETERS, or WRAPPER, of SOURCES, around it. TOP, BETWEEN:
# mutants.sh. The bench is run with SHORT on every mutant, and with LONG on those that it does not see.
function(mutants module)
  cmake_parse_arguments(arg "" "DUT;WRAPPER;TOP;SHORT;LONG" "BETWEEN;PARAMETERS;SOURCES;BENCH" ${ARGN})
  set(out "${MUTATION_OUT}/${module}")
  foreach(name DUT TOP)
    if(NOT arg_${name})
      set(arg_${name} ${module})
    endif()
  endforeach()
  set(simulated ${arg_DUT})
  set(wrapped 0)
  if(arg_WRAPPER)
    set(simulated ${arg_WRAPPER})
    set(wrapped 1)
  endif()
  if(wrapped OR NOT arg_TOP STREQUAL arg_DUT)
    set(parameters PARAMETERS ${arg_PARAMETERS})  # else the netlist has them
  endif()
  list(JOIN arg_PARAMETERS " " values)
  list(JOIN arg_BETWEEN " " between)
  add_custom_command(
    OUTPUT "${out}.v" "${out}.il" "${out}.list" "${out}.f"
    COMMAND ${CMAKE_COMMAND} -E env WRAPPED=${wrapped} "${MUTATION_DIR}/mutants.sh" "${RTL_DIR}" "${out}" ${module}
            ${arg_DUT} "${values}" ${arg_TOP} "${between}"
    DEPENDS "${MUTATION_DIR}/mutants.sh" ${RTL_FILES} "${RTL_DIR}/tcc_assert.svh"
    COMMENT "Mutants of ${module}" VERBATIM)
  rtl_model(mutants_${module}_model MUTANTS TOP ${simulated} ${parameters} FILELIST "${out}.f" FILES "${out}.v"
            SOURCES ${arg_SOURCES})
  rtl_bench(mutants_${module} MODELS mutants_${module}_model ${arg_BENCH} LONG mutation ${arg_SHORT})
  target_link_libraries(rtl_bench_mutants_${module} PRIVATE rtl_half)
  add_test(NAME rtl.mutation_${module}
           COMMAND "${MUTATION_DIR}/judge.sh" ${module} "${out}" $<TARGET_FILE:rtl_bench_mutants_${module}> ${arg_SHORT}
                   ${arg_LONG} "${MUTATION_OUT}/results"
           WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/run/mutants_${module}")
  set_tests_properties(rtl.mutation_${module} PROPERTIES LABELS mutation TIMEOUT 14400 RUN_SERIAL TRUE)
endfunction()

# Units with benches of their own.
mutants(tcc_alu SHORT 1000 LONG 300000 BENCH SOURCE alu_bench.cpp)
mutants(tcc_decode SHORT 5 LONG 50 BENCH SOURCE decode_bench.cpp FLOORS arch)
mutants(tcc_loop SHORT 20000 LONG 50000000 BENCH SOURCE loop_bench.cpp)
mutants(tcc_results PARAMETERS Xdpnum=3 XrWp=4 TagW=3 SHORT 5000 LONG 500000
        BENCH SOURCE results_bench.cpp DEFINES XDPNUM=3 XRWP=4 TAG_BITS=3)
mutants(tcc_pick PARAMETERS Stanum=5 Xdpnum=3 Vdpnum=2 SHORT 5000 LONG 500000
        BENCH SOURCE pick_bench.cpp DEFINES STANUM=5 XDPNUM=3 VDPNUM=2)
mutants(tcc_retire PARAMETERS Stanum=5 Xdpnum=3 Others=2 XrWp=2 OrderW=8 SHORT 5000 LONG 500000
        BENCH SOURCE retire_bench.cpp DEFINES STANUM=5 XDPNUM=3 OTHERS=2 XRWP=2 ORDER_BITS=8)
mutants(tcc_fetch PARAMETERS FetchSize=3 ImemKib=5 SHORT 20000 LONG 2000000
        BENCH SOURCE fetch_bench.cpp DEFINES FETCH=3 IMEM_KIB=5)
mutants(tcc_dispatch PARAMETERS FetchSize=4 Xdpnum=3 RoomW=3 SHORT 5000 LONG 500000
        BENCH SOURCE dispatch_bench.cpp FLOORS arch DEFINES FETCH=4 XDPNUM=3 STANUM=5)
mutants(tcc_fifo PARAMETERS Width=66 Depth=3 "PassThrough=1'b1" SHORT 2000 LONG 200000
        BENCH SOURCE fifo_bench.cpp DEFINES DFLIT_WIDTH=64 FIFO_DEPTH=3 PASS_THROUGH=1)
mutants(tcc_muldiv PARAMETERS Width=32 SHORT 2000 LONG 100000 BENCH SOURCE muldiv_bench.cpp DEFINES WIDTH=32)

mutants(tcc_command PARAMETERS Vlen=512 DmemKib=48 MeshCols=5 MeshRows=3 SHORT 20000 LONG 2000000
        BENCH SOURCE command_bench.cpp FLOORS arch DEFINES VLEN=512 DMEM_KIB=48 MESH_COLS=5 MESH_ROWS=3)
mutants(tcc_dmem_share PARAMETERS Vlen=512 DmemKib=48 SHORT 5000 LONG 500000
        BENCH SOURCE dmem_share_bench.cpp DEFINES VLEN=512 DMEM_KIB=48)

# Around the lanes of the vector unit.
mutants(tcc_vqueue PARAMETERS Depth=5 Ports=3 Width=64 SHORT 5000 LONG 500000
        BENCH SOURCE vqueue_bench.cpp DEFINES DEPTH=5 PORTS=3)
mutants(tcc_vissue PARAMETERS Vdpnum=3 VrWp=2 SHORT 5000 LONG 500000
        BENCH SOURCE vissue_bench.cpp FLOORS arch DEFINES VDPNUM=3 VRWP=2)
mutants(tcc_vrf PARAMETERS Vlen=128 VrWp=2 Reads=6 SHORT 2000 LONG 100000
        BENCH SOURCE vrf_bench.cpp DEFINES VLEN=128 VRWP=2 READS=6)
mutants(tcc_vbank PARAMETERS Vlen=128 Vdpnum=3 VrWp=4 Bank=2 SHORT 5000 LONG 500000
        BENCH SOURCE vbank_bench.cpp DEFINES VLEN=128 VDPNUM=3 VRWP=4 BANK=2)
mutants(tcc_vaccess PARAMETERS Vlen=256 DmemKib=48 SHORT 5000 LONG 500000
        BENCH SOURCE vaccess_bench.cpp DEFINES VLEN=256 DMEM_KIB=48)
mutants(tcc_valu PARAMETERS Vlen=256 SHORT 2000 LONG 100000 BENCH SOURCE valu_bench.cpp DEFINES VLEN=256)
mutants(tcc_vsfu PARAMETERS Vlen=256 SHORT 5000 LONG 500000 BENCH SOURCE vsfu_bench.cpp FLOORS verify DEFINES VLEN=256)
mutants(tcc_vector PARAMETERS Vlen=128 Stanum=4 Vdpnum=2 VrWp=2 DmemKib=16 SHORT 30 LONG 2000
        BENCH SOURCE vector_bench.cpp FLOORS verify DEFINES VLEN=128 STANUM=4 VDPNUM=2 VRWP=2 DMEM_KIB=16)

# Inside the scalar core, with a result bus less than lanes; but a lane without a bus is given nothing, so that the window
# and the core itself have one for each.
function(core_mutants module buses)
  mutants(${module} DUT tcc_core
          PARAMETERS FetchSize=3 Stanum=5 Xdpnum=3 XrWp=${buses} Vdpnum=2 ImemKib=5 DmemKib=16
          SHORT 4000 LONG 100000
          BENCH SOURCE core_bench.cpp FLOORS verify DEFINES FETCH=3 XRWP=${buses} VDPNUM=2 IMEM_KIB=5 DMEM_KIB=16)
endfunction()
foreach(module lsu xrf)
  core_mutants(tcc_${module} 2)
endforeach()
foreach(module window core)
  core_mutants(tcc_${module} 3)
endforeach()

# Arithmetic.
mutants(tcc_fp32_dec SHORT 50 LONG 2000 BENCH SOURCE fp32_dec_bench.cpp)
mutants(tcc_acc_cvt SHORT 20 LONG 1000 BENCH SOURCE acc_cvt_bench.cpp)
mutants(tcc_fp32_add SHORT 100000 LONG 4000000 BENCH SOURCE fp32_add_bench.cpp)
mutants(tcc_fp_cvt PARAMETERS "Wide=1'b1" SHORT 20000 LONG 1000000 BENCH SOURCE fp_cvt_bench.cpp DEFINES WIDE=1)
mutants(tcc_fp16_fma WRAPPER fp16_fma_wide SOURCES fp16_fma_wide.sv SHORT 100000 LONG 4000000
        BENCH SOURCE fp16_fma_bench.cpp DEFINES COPIES=64)
mutants(tcc_fp16_sfu SHORT 1000 LONG 100000 BENCH SOURCE fp16_sfu_bench.cpp)
mutants(tcc_fp16_sfu_table DUT tcc_fp16_sfu SHORT 1000 LONG 100000 BENCH SOURCE fp16_sfu_bench.cpp)
mutants(tcc_vlane SHORT 100000 LONG 2000000 BENCH SOURCE vlane_bench.cpp)
function(lane_mutants module long)
  mutants(tcc_tensor_${module} WRAPPER tensor_lanes_top SOURCES tensor_lanes_top.sv SHORT 20000 LONG ${long}
          BENCH SOURCE tensor_lane_bench.cpp)
endfunction()
lane_mutants(xdec 2000000)
lane_mutants(lane 500000)  # 32 mutated lanes are slow to simulate

# The network. Modules that it has with several sets of parameters are mutated in all of them.
mutants(tcc_router WRAPPER noc_router_top SOURCES noc_router_top.sv PARAMETERS DflitWidth=64 FifoDepth=4
        SHORT 20000 LONG 1000000 BENCH SOURCE noc_router_bench.cpp DEFINES DFLIT_WIDTH=64)
function(ni_mutants module)
  mutants(${module} DUT tcc_ni WRAPPER noc_node_top SOURCES noc_node_top.sv ${ARGN}
          PARAMETERS Vlen=256 DflitWidth=64 DmemAw=14 MeshCols=4 MeshRows=4 SHORT 1500 LONG 6000
          BENCH SOURCE noc_ni_bench.cpp DEFINES SIDE=4 VLEN=256 DFLIT_WIDTH=64 MESSAGES=30000)
endfunction()
mutants(tcc_ni_walk PARAMETERS Vlen=256 DmemAw=14 Queue=2 SHORT 20000 LONG 2000000
        BENCH SOURCE ni_walk_bench.cpp DEFINES VLEN=256 DMEM_AW=14 QUEUE=2)
mutants(tcc_ni_cursor PARAMETERS Vlen=256 DflitWidth=320 SHORT 2000 LONG 200000
        BENCH SOURCE ni_cursor_bench.cpp DEFINES VLEN=256 DFLIT=320)
mutants(tcc_ni_lanes PARAMETERS Vlen=256 Lanes=2 Banks=4 SHORT 2000 LONG 200000
        BENCH SOURCE ni_lanes_bench.cpp DEFINES VLEN=256 LANES=2 BANKS=4)
ni_mutants(tcc_ni_rows BETWEEN tcc_ni_recv)
ni_mutants(tcc_ni_send)
ni_mutants(tcc_ni_recv)
ni_mutants(tcc_ni)

# The tensor engine.
function(tensor_mutants module)
  mutants(${module} DUT tcc_tensor ${ARGN} PARAMETERS Vlen=128 DmemAw=10 DmemRows=1000 SHORT 200 LONG 4000
          BENCH SOURCE tensor_bench.cpp DEFINES VLEN=128)
endfunction()
foreach(module _readout _issue _group "")
  tensor_mutants(tcc_tensor${module})
endforeach()
mutants(tcc_tensor_x PARAMETERS Vlen=256 DmemAw=10 SHORT 20000 LONG 3000000
        BENCH SOURCE tensor_x_bench.cpp DEFINES VLEN=256 DMEM_AW=10)

# The compute half of a tile.
mutants(tcc_compute PARAMETERS Vlen=128 DmemKib=16 WmemKib=64 Stanum=4 Vdpnum=2 VrWp=2 "WmemFile=\"wmem.hex\""
        SHORT 4 LONG 300 BENCH SOURCE compute_bench.cpp FLOORS verify
        DEFINES VLEN=128 DMEM_KIB=16 WMEM_KIB=64 STANUM=4 VDPNUM=2 VRWP=2)

# What does not fail must fail: a bench that sees nothing, and one that fails without a mutant.
foreach(bench true false)
  add_test(NAME rtl.mutation_gate_${bench}
           COMMAND sh -c "! SEARCH=0 \"$0\" tcc_alu \"$1\" /bin/${bench} 1 1 \"$2\"" "${MUTATION_DIR}/judge.sh"
                   "${MUTATION_OUT}/tcc_alu" "${MUTATION_OUT}/gate_${bench}")
  set_tests_properties(rtl.mutation_gate_${bench} PROPERTIES LABELS mutation TIMEOUT 300)
endforeach()

add_custom_target(mutation)
get_property(benches GLOBAL PROPERTY RTL_LONG_BENCHES_mutation)
add_dependencies(mutation ${benches})
