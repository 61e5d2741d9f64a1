# That every parameter of a tile does what it says: cycles of a program named for it, area of what Yosys makes of the
# tile, at four settings or more, the others at a base on which it can show. "cmake --build BUILD --target sweep", then
# "ctest -L sweep": the programs run beside the simulator, docs/figures/parameters.csv is written and checked.
set(SWEEP_NAMES FETCH STANUM XDPNUM XR_WP VDPNUM VR_WP VLEN DMEM IMEM WMEM DFLIT)
set(SWEEP_RTL FetchSize Stanum Xdpnum XrWp Vdpnum VrWp Vlen DmemKib ImemKib WmemKib DflitWidth)
set(SWEEP_DEFINES FETCH STANUM XDPNUM XRWP VDPNUM VRWP VLEN DMEM_KIB IMEM_KIB WMEM_KIB DFLIT)
set(SWEEP_BASE_wide 8 16 8 8 1 1 128 16 2 64 64)
set(SWEEP_BASE_scalar 8 16 4 4 1 1 128 16 2 64 64)
set(SWEEP_BASE_vector 8 16 4 4 4 8 128 16 2 64 64)
set(SWEEP_BASE_rows 2 8 2 2 1 2 512 16 2 128 128)
set(SWEEP_BASE_memory 1 1 1 1 1 1 128 16 1 64 64)

# Sets sweep_parameters and sweep_defines of the base with one parameter at a setting, and sweep_model, which is made once
# for each configuration.
function(sweep_configuration base parameter setting)
  list(FIND SWEEP_NAMES ${parameter} at)
  set(values ${SWEEP_BASE_${base}})
  list(REMOVE_AT values ${at})
  list(INSERT values ${at} ${setting})
  set(parameters "")
  set(defines PARAMETER="${parameter}" SETTING=${setting})
  foreach(rtl define value IN ZIP_LISTS SWEEP_RTL SWEEP_DEFINES values)
    list(APPEND parameters ${rtl}=${value})
    list(APPEND defines ${define}=${value})
  endforeach()
  list(JOIN values "_" suffix)
  set(model sweep_${suffix}_model)
  if(NOT TARGET ${model})
    rtl_model(${model} TOP tcc_tile PARAMETERS ${parameters} ImemFile="imem.hex" WmemFile="wmem.hex")
  endif()
  set(sweep_parameters ${parameters} PARENT_SCOPE)
  set(sweep_defines ${defines} PARENT_SCOPE)
  set(sweep_model ${model} PARENT_SCOPE)
endfunction()

# sweep_parameter(PARAMETER BASE base [TILES n] SOURCE file SETTINGS value ...)
function(sweep_parameter parameter)
  cmake_parse_arguments(arg "" "BASE;TILES;SOURCE" "SETTINGS" ${ARGN})
  string(TOLOWER ${parameter} lower)
  if(NOT arg_TILES)
    set(arg_TILES 1)
  endif()
  foreach(setting ${arg_SETTINGS})
    sweep_configuration(${arg_BASE} ${parameter} ${setting})
    rtl_bench(sweep_${lower}_${setting} SOURCE ${arg_SOURCE} MODELS ${sweep_model} FLOORS codegen verify
              DEFINES ${sweep_defines} TILES=${arg_TILES} PROGRAM="${CMAKE_CURRENT_SOURCE_DIR}/sweep/${lower}.s"
              LONG sweep)
    string(REPLACE ";" " " parameters "${sweep_parameters}")
    set_property(GLOBAL APPEND PROPERTY SWEEP_TILES_${arg_BASE} "${parameter}_${setting} ${parameters}")
    set_property(GLOBAL APPEND PROPERTY SWEEP_ROWS ${parameter}_${setting})
  endforeach()
endfunction()
sweep_parameter(FETCH BASE wide SOURCE sweep_bench.cpp SETTINGS 1 2 4 8)
sweep_parameter(STANUM BASE scalar SOURCE sweep_bench.cpp SETTINGS 1 2 4 8 16)
sweep_parameter(XDPNUM BASE scalar SOURCE sweep_bench.cpp SETTINGS 1 2 3 4)
sweep_parameter(XR_WP BASE scalar SOURCE sweep_bench.cpp SETTINGS 1 2 3 4)
sweep_parameter(VDPNUM BASE vector SOURCE sweep_bench.cpp SETTINGS 1 2 3 4)
sweep_parameter(VR_WP BASE vector SOURCE sweep_bench.cpp SETTINGS 1 2 4 8)
sweep_parameter(VLEN BASE rows SOURCE sweep_bench.cpp SETTINGS 128 256 512 1024)
sweep_parameter(DFLIT BASE rows TILES 2 SOURCE sweep_bench.cpp SETTINGS 64 128 256 512)
sweep_parameter(DMEM BASE memory SOURCE sweep_fit_bench.cpp SETTINGS 16 32 64 128)
sweep_parameter(IMEM BASE memory SOURCE sweep_fit_bench.cpp SETTINGS 1 2 4 8)
sweep_parameter(WMEM BASE memory SOURCE sweep_fit_bench.cpp SETTINGS 64 128 256 512)

# Areas: the tiles of a base in one run of Yosys, so that what they share is mapped once.
function(sweep_areas base)
  get_property(tiles GLOBAL PROPERTY SWEEP_TILES_${base})
  set(modules "")
  set(all "")
  set(outputs "")
  set(stats "")
  foreach(tile ${tiles})
    separate_arguments(tile)
    list(POP_FRONT tile name)
    list(TRANSFORM tile REPLACE "(.*)=(.*)" ".\\1(\\2)")
    list(JOIN tile ", " parameters)
    string(APPEND modules "module ${name};\n  tcc_tile #(${parameters}) u_tile ();\nendmodule\n")
    string(APPEND all "  ${name} u_${name} ();\n")
    list(APPEND outputs "${SYNTH_DIR}/${name}.stat")
    string(APPEND stats "; tee -q -o ${SYNTH_DIR}/${name}.stat stat -liberty ${SYNTH_CELLS} -top ${name}")
  endforeach()
  file(CONFIGURE OUTPUT "${SYNTH_DIR}/${base}.sv" @ONLY CONTENT "${modules}module all;\n${all}endmodule\n")
  list(JOIN RTL_FILES " " files)
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND ${YOSYS_BIN} -q -l "${SYNTH_DIR}/${base}.log" -d
            -p "read_verilog -sv -I${RTL_DIR} ${files} ${SYNTH_DIR}/${base}.sv; hierarchy -check -top all; ${SYNTH_PASSES}${stats}"
    DEPENDS ${RTL_FILES} "${SYNTH_DIR}/${base}.sv" "${SYNTH_CELLS}" COMMENT "Areas of the tiles of base ${base}" VERBATIM)
  set_property(GLOBAL APPEND PROPERTY SWEEP_STATS ${outputs})
endfunction()

if(TILEWRIGHT_LIBERTY AND EXISTS "${TILEWRIGHT_LIBERTY}")
  foreach(base wide scalar vector rows memory)
    sweep_areas(${base})
  endforeach()
  get_property(stats GLOBAL PROPERTY SWEEP_STATS)
  add_custom_target(sweep_areas DEPENDS ${stats})
endif()

add_custom_target(sweep)
get_property(benches GLOBAL PROPERTY RTL_LONG_BENCHES_sweep)
add_dependencies(sweep ${benches})

# The table, when the programs have run.
add_executable(write_parameter_table EXCLUDE_FROM_ALL write_parameter_table.cpp parameter_table.cpp)
# GCC 12 sees a null string where CLI11's inlined lexical casts cannot have one.
set_source_files_properties(write_parameter_table.cpp PROPERTIES COMPILE_OPTIONS -Wno-null-dereference)
target_link_libraries(write_parameter_table PRIVATE tilewright::support tilewright::verify fmt::fmt CLI11::CLI11 tilewright_flags)
get_property(names GLOBAL PROPERTY SWEEP_ROWS)
list(JOIN names "\n" names)
file(CONFIGURE OUTPUT "${SYNTH_DIR}/rows.txt" @ONLY CONTENT "${names}\n")
add_custom_target(sweep_table
  COMMAND write_parameter_table "${SYNTH_DIR}/rows.txt" "${CMAKE_CURRENT_BINARY_DIR}/run" "${SYNTH_DIR}"
          "${CMAKE_SOURCE_DIR}/docs/figures/parameters.csv" "${CMAKE_SOURCE_DIR}/docs/verification.md"
  DEPENDS ${stats} VERBATIM)

if(EXISTS "${CMAKE_SOURCE_DIR}/docs/figures/parameters.csv")
  tilewright_test(parameters SOURCES parameter_table_test.cpp parameter_table.cpp DEPS support LIBS fmt::fmt)
endif()
