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
set(SWEEP_BASE_least 1 1 1 1 1 1 128 16 1 64 64)

# Sets sweep_parameters (of the RTL) and sweep_defines of a base with one parameter at a setting.
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
  set(sweep_parameters ${parameters} PARENT_SCOPE)
  set(sweep_defines ${defines} PARENT_SCOPE)
endfunction()

# sweep_parameter(PARAMETER BASE base [TILES n] SOURCE file SETTINGS value ...)
function(sweep_parameter parameter)
  cmake_parse_arguments(arg "" "BASE;TILES;SOURCE" "SETTINGS" ${ARGN})
  string(TOLOWER ${parameter} lower)
  if(NOT arg_TILES)
    set(arg_TILES 1)
  endif()
  foreach(setting ${arg_SETTINGS})
    sweep_configuration(least ${parameter} ${setting})
    string(REPLACE ";" " " parameters "${sweep_parameters}")
    set_property(GLOBAL APPEND PROPERTY SWEEP_TILES "${parameter}_${setting} ${parameters}")
    set_property(GLOBAL APPEND PROPERTY SWEEP_ROWS ${parameter}_${setting})
    sweep_configuration(${arg_BASE} ${parameter} ${setting})
    string(REGEX REPLACE "[A-Za-z]+=" "" values "${sweep_parameters}")
    list(JOIN values "_" values)
    set(model sweep_${values}_model)
    if(NOT TARGET ${model})  # one for each configuration
      rtl_model(${model} TOP tcc_tile PARAMETERS ${sweep_parameters} ImemFile="imem.hex" WmemFile="wmem.hex")
    endif()
    rtl_bench(sweep_${lower}_${setting} SOURCE ${arg_SOURCE} MODELS ${model} FLOORS codegen verify
              DEFINES ${sweep_defines} TILES=${arg_TILES} PROGRAM="${CMAKE_CURRENT_SOURCE_DIR}/sweep/${lower}.s"
              LONG sweep)
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
sweep_parameter(DMEM BASE least SOURCE sweep_fit_bench.cpp SETTINGS 16 32 64 128)
sweep_parameter(IMEM BASE least SOURCE sweep_fit_bench.cpp SETTINGS 1 2 4 8)
sweep_parameter(WMEM BASE least SOURCE sweep_fit_bench.cpp SETTINGS 64 128 256 512)

# Areas: of the least tile with each parameter at each setting, in one run of Yosys, so that what they share is mapped once.
set(stats "")
if(TARGET synth_cells)
  get_property(tiles GLOBAL PROPERTY SWEEP_TILES)
  set(modules "")
  set(all "")
  set(report "")
  foreach(tile ${tiles})
    separate_arguments(tile)
    list(POP_FRONT tile name)
    list(TRANSFORM tile REPLACE "(.*)=(.*)" ".\\1(\\2)")
    list(JOIN tile ", " parameters)
    string(APPEND modules "module ${name};\n  tcc_tile #(${parameters}) u_tile ();\nendmodule\n")
    string(APPEND all "  ${name} u_${name} ();\n")
    list(APPEND stats "${SYNTH_DIR}/${name}.stat")
    string(APPEND report "; tee -q -o ${SYNTH_DIR}/${name}.stat stat -liberty ${SYNTH_CELLS} -top ${name}")
  endforeach()
  file(CONFIGURE OUTPUT "${SYNTH_DIR}/all.sv" @ONLY CONTENT "${modules}module all;\n${all}endmodule\n")
  list(JOIN RTL_FILES " " files)
  add_custom_command(
    OUTPUT ${stats}
    COMMAND ${YOSYS_BIN} -q -l "${SYNTH_DIR}/all.log" -d -p "read_verilog -sv -I${RTL_DIR} ${files} ${SYNTH_DIR}/all.sv; \
hierarchy -check -top all; ${SYNTH_PASSES}${report}"
    DEPENDS ${RTL_FILES} "${SYNTH_DIR}/all.sv" "${SYNTH_CELLS}" COMMENT "Areas of tiles of every parameter and setting" VERBATIM)
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
