# The vector unit: its arithmetic, each unit alone, and one lane.

# The host's rounding to fp16.
add_library(rtl_half STATIC half.c)
target_compile_options(rtl_half PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Werror)

function(vector_bench name source)
  rtl_bench(${name} SOURCE ${source} ${ARGN})
  target_link_libraries(rtl_bench_${name} PRIVATE rtl_half)
endfunction()

# Many units side by side: long runs take every pair of operands.
rtl_model(fp16_fma_model TOP fp16_fma_wide SOURCES fp16_fma_wide.sv PARAMETERS Copies=64)
vector_bench(fp16_fma fp16_fma_bench.cpp MODELS fp16_fma_model DEFINES COPIES=64)
rtl_model(sfu_table_model TOP tcc_fp16_sfu_table)
vector_bench(sfu_table sfu_table_bench.cpp MODELS sfu_table_model)

# The others as written and as Yosys reads them; the lane's netlist holds the multiply-add too.
foreach(kind "" _netlist)
  set(option "")
  if(kind)
    set(option NETLIST)
  endif()
  rtl_model(fp16_sfu${kind}_model TOP tcc_fp16_sfu ${option})
  vector_bench(fp16_sfu${kind} fp16_sfu_bench.cpp MODELS fp16_sfu${kind}_model)
  foreach(wide 0 1)
    rtl_model(fp_cvt_${wide}${kind}_model TOP tcc_fp_cvt PARAMETERS Wide=1'b${wide} ${option})
    vector_bench(fp_cvt_${wide}${kind} fp_cvt_bench.cpp MODELS fp_cvt_${wide}${kind}_model DEFINES WIDE=${wide})
  endforeach()
  rtl_model(vlane${kind}_model TOP tcc_vlane ${option})
  vector_bench(vlane${kind} vlane_bench.cpp MODELS vlane${kind}_model)
endforeach()

# What is around the lanes: queue, issue, registers and their banks, loads and stores.
foreach(ports 1 3)
  rtl_model(vqueue_${ports}_model TOP tcc_vqueue PARAMETERS Depth=5 Ports=${ports} Width=64)
  rtl_bench(vqueue_${ports} SOURCE vqueue_bench.cpp MODELS vqueue_${ports}_model DEFINES DEPTH=5 PORTS=${ports})
endforeach()
foreach(banks 1 2 4)
  rtl_model(vissue_${banks}_model TOP tcc_vissue PARAMETERS Vdpnum=3 VrWp=${banks})
  rtl_bench(vissue_${banks} SOURCE vissue_bench.cpp MODELS vissue_${banks}_model FLOORS arch DEFINES VDPNUM=3 VRWP=${banks})
  rtl_model(vrf_${banks}_model TOP tcc_vrf PARAMETERS Vlen=128 VrWp=${banks} Reads=6)
  rtl_bench(vrf_${banks} SOURCE vrf_bench.cpp MODELS vrf_${banks}_model DEFINES VLEN=128 VRWP=${banks} READS=6)
  math(EXPR bank "${banks} - 1")
  rtl_model(vbank_${banks}_model TOP tcc_vbank PARAMETERS Vlen=128 Vdpnum=3 VrWp=${banks} Bank=${bank})
  rtl_bench(vbank_${banks} SOURCE vbank_bench.cpp MODELS vbank_${banks}_model
            DEFINES VLEN=128 VDPNUM=3 VRWP=${banks} BANK=${bank})
endforeach()
rtl_model(vaccess_model TOP tcc_vaccess PARAMETERS Vlen=256 DmemKib=48)
rtl_bench(vaccess SOURCE vaccess_bench.cpp MODELS vaccess_model DEFINES VLEN=256 DMEM_KIB=48)

rtl_model(valu_model TOP tcc_valu PARAMETERS Vlen=256)
vector_bench(valu valu_bench.cpp MODELS valu_model DEFINES VLEN=256)
rtl_model(vsfu_model TOP tcc_vsfu PARAMETERS Vlen=256)
rtl_bench(vsfu SOURCE vsfu_bench.cpp MODELS vsfu_model FLOORS verify DEFINES VLEN=256)
foreach(units 1 2)  # as few as there are, and two units with as many banks
  rtl_model(vector_${units}_model TOP tcc_vector
            PARAMETERS Vlen=128 Stanum=4 Vdpnum=${units} VrWp=${units} DmemKib=16)
  rtl_bench(vector_${units} SOURCE vector_bench.cpp MODELS vector_${units}_model FLOORS verify
            DEFINES VLEN=128 STANUM=4 VDPNUM=${units} VRWP=${units} DMEM_KIB=16)
endforeach()

# With the tensor engine and the memories.
rtl_model(compute_model TOP tcc_compute
          PARAMETERS Vlen=128 DmemKib=16 WmemKib=64 Stanum=4 Vdpnum=2 VrWp=2 WmemFile="wmem.hex")
rtl_bench(compute SOURCE compute_bench.cpp MODELS compute_model FLOORS verify
          DEFINES VLEN=128 DMEM_KIB=16 WMEM_KIB=64 STANUM=4 VDPNUM=2 VRWP=2)

# The golden itself against an independent one, where qemu and a compiler for it are installed.
find_program(QEMU_RISCV64 qemu-riscv64)
if(RISCV_GCC AND QEMU_RISCV64)
  set(program "${CMAKE_CURRENT_BINARY_DIR}/zfh.elf")
  set(source "${CMAKE_CURRENT_SOURCE_DIR}/zfh.c")
  add_custom_command(OUTPUT "${program}"
    COMMAND "${RISCV_GCC}" -O2 -march=rv64imafd -mabi=lp64d -nostdlib -ffreestanding -Wall -Wextra -Werror
            "${source}" -o "${program}"
    DEPENDS "${source}" VERBATIM)
  add_custom_target(rtl_zfh DEPENDS "${program}")
  vector_bench(golden_zfh golden_zfh_bench.cpp DEFINES QEMU="${QEMU_RISCV64}" PROGRAM="${program}")
  add_dependencies(rtl_bench_golden_zfh rtl_zfh)
else()
  message(STATUS "no riscv64-unknown-elf-gcc or qemu-riscv64: the golden of the vector unit is not checked")
endif()

# Lint (which misses only the package's constants that one unit alone leaves unused) and Yosys's structural check.
foreach(unit fp16_fma fp_cvt fp16_sfu vlane)
  add_test(NAME rtl.lint_${unit}
           COMMAND ${VERILATOR_BIN} --lint-only --assert -Wall -Wno-UNUSEDPARAM --top-module tcc_${unit} "-I${RTL_DIR}"
                   ${RTL_FILES})
  rtl_yosys_script(script tcc_${unit})
  add_test(NAME rtl.yosys_${unit} COMMAND ${YOSYS_BIN} -q -p "${script}")
  set_tests_properties(rtl.lint_${unit} rtl.yosys_${unit} PROPERTIES LABELS rtl TIMEOUT 300)
endforeach()
