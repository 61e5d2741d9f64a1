# Mutants: "make mutation", or "cmake --build BUILD --target mutation" and "ctest -L mutation". Every module of the library
# is mutated in a hundred places, and a bench that it already has must see at least 95 of a hundred that matter. One model
# holds the mutants of many modules (mutants.sh), a test judges those of one (judge.sh).
set(MUTATION_DIR "${CMAKE_CURRENT_SOURCE_DIR}/mutation")
set(MUTATION_OUT "${CMAKE_CURRENT_BINARY_DIR}/mutation")
file(MAKE_DIRECTORY "${MUTATION_OUT}")

# mutants(NAME TOP module MODULES module ... [PARAMETERS Name=value ...] [READ file ...] [KEPT module ...] [WRAPPER module
# SOURCES file ... [BESIDE module ...]] SHORT size LONG size BENCH arguments of rtl_bench ...): NAME's model has mutants of MODULES below TOP,
# which stands in WRAPPER if there is one; READ are bench-only sources that Yosys reads, SOURCES such that it does not,
# BESIDE other modules that they use; KEPT modules below TOP stay source. The bench is run with SHORT on every mutant, and with LONG on those that it does not see.
function(mutants name)
  cmake_parse_arguments(arg "" "TOP;WRAPPER;SHORT;LONG" "MODULES;PARAMETERS;READ;KEPT;SOURCES;BESIDE;BENCH" ${ARGN})
  set(out "${MUTATION_OUT}/${name}")
  set(simulated ${arg_TOP})
  set(wrapped 0)
  if(arg_WRAPPER)
    set(simulated ${arg_WRAPPER})
    set(wrapped 1)
    set(parameters PARAMETERS ${arg_PARAMETERS})
  endif()
  list(TRANSFORM arg_READ PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  foreach(list PARAMETERS READ KEPT BESIDE)
    list(JOIN arg_${list} " " ${list})
  endforeach()
  add_custom_command(
    OUTPUT "${out}.v" "${out}.il" "${out}.list" "${out}.f"
    COMMAND ${CMAKE_COMMAND} -E env WRAPPED=${wrapped} "BESIDE=${BESIDE}" "${MUTATION_DIR}/mutants.sh" "${RTL_DIR}" "${out}" ${arg_TOP}
            "${PARAMETERS}" "${READ}" "${KEPT}" ${arg_MODULES}
    DEPENDS "${MUTATION_DIR}/mutants.sh" ${RTL_FILES} "${RTL_DIR}/tcc_assert.svh" ${arg_READ}
    COMMENT "Mutants of ${name}" VERBATIM)
  rtl_model(mutants_${name}_model MUTANTS TOP ${simulated} ${parameters} FILELIST "${out}.f" FILES "${out}.v"
            SOURCES ${arg_SOURCES})
  rtl_bench(mutants_${name} MODELS mutants_${name}_model ${arg_BENCH} LONG mutation ${arg_SHORT})
  target_link_libraries(rtl_bench_mutants_${name} PRIVATE rtl_half)
  foreach(module ${arg_MODULES})
    add_test(NAME rtl.mutation_${module}
             COMMAND "${MUTATION_DIR}/judge.sh" ${module} "${out}" $<TARGET_FILE:rtl_bench_mutants_${name}> ${arg_SHORT}
                     ${arg_LONG} "${MUTATION_OUT}/results"
             WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/run/mutants_${name}")
    set_tests_properties(rtl.mutation_${module} PROPERTIES LABELS mutation TIMEOUT 14400 RUN_SERIAL TRUE)
  endforeach()
endfunction()

# Units with benches of their own.
mutants(alu TOP tcc_alu MODULES tcc_alu SHORT 1000 LONG 300000 BENCH SOURCE alu_bench.cpp)
mutants(decode TOP tcc_decode MODULES tcc_decode SHORT 2 LONG 20 BENCH SOURCE decode_bench.cpp FLOORS arch)
mutants(fifo TOP tcc_fifo MODULES tcc_fifo PARAMETERS Width=66 Depth=3 "PassThrough=1'b1" SHORT 2000 LONG 200000
        BENCH SOURCE fifo_bench.cpp DEFINES DFLIT_WIDTH=64 FIFO_DEPTH=3 PASS_THROUGH=1)
mutants(muldiv TOP tcc_muldiv MODULES tcc_muldiv PARAMETERS Width=32 SHORT 2000 LONG 100000
        BENCH SOURCE muldiv_bench.cpp DEFINES WIDTH=32)

# Inside the scalar core.
mutants(core TOP tcc_core
        MODULES tcc_loop tcc_lsu tcc_fetch tcc_results tcc_retire tcc_pick tcc_xrf tcc_dispatch tcc_window tcc_core
        PARAMETERS FetchSize=3 Stanum=5 Xdpnum=3 XrWp=2 Vdpnum=2 ImemKib=5 DmemKib=16 SHORT 4000 LONG 100000
        BENCH SOURCE core_bench.cpp FLOORS verify
        DEFINES FETCH=3 XRWP=2 VDPNUM=2 IMEM_KIB=5 DMEM_KIB=16)

# Arithmetic.
mutants(fp32_dec TOP tcc_fp32_dec MODULES tcc_fp32_dec SHORT 50 LONG 2000 BENCH SOURCE fp32_dec_bench.cpp)
mutants(acc_cvt TOP tcc_acc_cvt MODULES tcc_acc_cvt SHORT 20 LONG 1000 BENCH SOURCE acc_cvt_bench.cpp)
mutants(fp32_add TOP tcc_fp32_add MODULES tcc_fp32_add SHORT 100000 LONG 4000000 BENCH SOURCE fp32_add_bench.cpp)
mutants(fp_cvt TOP tcc_fp_cvt MODULES tcc_fp_cvt PARAMETERS "Wide=1'b1" SHORT 20000 LONG 1000000
        BENCH SOURCE fp_cvt_bench.cpp DEFINES WIDE=1)
mutants(fp16_fma TOP fp16_fma_wide READ fp16_fma_wide.sv MODULES tcc_fp16_fma PARAMETERS Copies=64 SHORT 100000 LONG 4000000
        BENCH SOURCE fp16_fma_bench.cpp DEFINES COPIES=64)
mutants(fp16_sfu TOP tcc_fp16_sfu MODULES tcc_fp16_sfu tcc_fp16_sfu_table SHORT 1000 LONG 100000
        BENCH SOURCE fp16_sfu_bench.cpp)
mutants(vlane TOP tcc_vlane MODULES tcc_vlane SHORT 100000 LONG 2000000 BENCH SOURCE vlane_bench.cpp)
mutants(tensor_lane TOP tensor_lanes_top READ tensor_lanes_top.sv MODULES tcc_tensor_xdec tcc_tensor_lane SHORT 20000
        LONG 2000000 BENCH SOURCE tensor_lane_bench.cpp)

# The network.
mutants(router TOP tcc_router WRAPPER noc_router_top SOURCES noc_router_top.sv MODULES tcc_router
        PARAMETERS DflitWidth=64 FifoDepth=4 SHORT 20000 LONG 1000000
        BENCH SOURCE noc_router_bench.cpp DEFINES DFLIT_WIDTH=64)
mutants(ni TOP tcc_ni WRAPPER noc_node_top SOURCES noc_node_top.sv BESIDE tcc_noc_pkg tcc_fifo tcc_router
        MODULES tcc_ni_lanes tcc_ni_walk tcc_ni_cursor tcc_ni_rows tcc_ni_send tcc_ni_recv tcc_ni
        PARAMETERS Vlen=256 DflitWidth=64 DmemAw=14 MeshCols=4 MeshRows=4 SHORT 1500 LONG 30000
        BENCH SOURCE noc_ni_bench.cpp DEFINES SIDE=4 VLEN=256 DFLIT_WIDTH=64 MESSAGES=30000)

# The tensor engine, and what else only a tile has.
mutants(tensor TOP tcc_tensor
        MODULES tcc_tensor_x tcc_tensor_readout tcc_tensor_issue tcc_tensor_group tcc_tensor
        PARAMETERS Vlen=128 DmemAw=10 DmemRows=1000 SHORT 200 LONG 4000 BENCH SOURCE tensor_bench.cpp DEFINES VLEN=128)
mutants(tile TOP tcc_tile KEPT tcc_imem tcc_wmem tcc_dmem BESIDE tcc_pkg
        MODULES tcc_dmem_share tcc_command tcc_vbank tcc_vqueue tcc_vissue tcc_vrf tcc_vaccess tcc_vsfu tcc_valu tcc_vector
                tcc_compute tcc_tile
        PARAMETERS FetchSize=2 Stanum=8 Xdpnum=2 XrWp=2 Vdpnum=2 VrWp=2 Vlen=256 DmemKib=32 ImemKib=8 WmemKib=128
                   DflitWidth=128 "ImemFile=\"imem.hex\"" "WmemFile=\"wmem.hex\""
        SHORT 4000 LONG 30000
        BENCH SOURCE tile_cosim_bench.cpp FLOORS verify
        DEFINES FETCH=2 XRWP=2 VDPNUM=2 VLEN=256 DMEM_KIB=32 IMEM_KIB=8 WMEM_KIB=128)

# What does not fail must fail: a bench that sees nothing, and one that fails without a mutant.
foreach(bench true false)
  add_test(NAME rtl.mutation_gate_${bench}
           COMMAND sh -c "! SEARCH=0 \"$0\" tcc_alu \"$1\" /bin/${bench} 1 1 \"$2\"" "${MUTATION_DIR}/judge.sh"
                   "${MUTATION_OUT}/alu" "${MUTATION_OUT}/gate_${bench}")
  set_tests_properties(rtl.mutation_gate_${bench} PROPERTIES LABELS mutation TIMEOUT 300)
endforeach()

add_custom_target(mutation)
get_property(benches GLOBAL PROPERTY RTL_LONG_BENCHES_mutation)
add_dependencies(mutation ${benches})
