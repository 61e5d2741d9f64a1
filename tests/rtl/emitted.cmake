# What the generator emits, simulated as it stands in an artifact's rtl/ folder: two of its tile wrappers alone, and a
# small whole chip. The chip of mixed_mesh.h is emitted when the tests are built.
add_executable(rtl_emit_mixed_mesh emit_mixed_mesh.cpp ../codegen/synthetic.cpp)
target_link_libraries(rtl_emit_mixed_mesh PRIVATE tilewright::codegen tilewright::verify tilewright_flags)
target_compile_definitions(rtl_emit_mixed_mesh PRIVATE TILEWRIGHT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")

set(emitted "${CMAKE_CURRENT_BINARY_DIR}/mixed_mesh/rtl")
list(TRANSFORM RTL_FILES REPLACE "^.*/" "${emitted}/" OUTPUT_VARIABLE emitted_files)
foreach(module pkg tile_cfg0 tile_cfg1 tile_shell tile top)
  list(APPEND emitted_files "${emitted}/mixed_${module}.sv")
endforeach()
add_custom_command(OUTPUT "${emitted}/filelist.f" ${emitted_files}
                   COMMAND rtl_emit_mixed_mesh "${CMAKE_CURRENT_BINARY_DIR}/mixed_mesh"
                   DEPENDS rtl_emit_mixed_mesh ${RTL_FILES} COMMENT "Emitting mixed_mesh" VERBATIM)

function(emitted_model name)
  rtl_model(${name} FILELIST "${emitted}/filelist.f" FILES ${emitted_files} ${ARGN})
endfunction()
emitted_model(emitted_narrow_model TOP mixed_tile_cfg0 PREFIX Vnarrow
              PARAMETERS ImemFile="imem128.hex" WmemFile="wmem128.hex" DmemFile="dmem128.hex")
emitted_model(emitted_wide_model TOP mixed_tile_cfg1 PREFIX Vwide
              PARAMETERS ImemFile="imem512.hex" WmemFile="wmem512.hex" DmemFile="dmem512.hex")
rtl_bench(emitted_tiles SOURCE emitted_tile_bench.cpp MODELS emitted_narrow_model emitted_wide_model FLOORS codegen)

emitted_model(emitted_mesh_model TOP mixed_top PARAMETERS WholeChip=1 ImemDir="imem/" WmemDir="wmem/")
rtl_bench(emitted_mesh SOURCE emitted_mesh_bench.cpp MODELS emitted_mesh_model FLOORS codegen)
