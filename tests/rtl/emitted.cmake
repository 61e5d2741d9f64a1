# What the generator emits, simulated as it stands in an artifact's rtl/ folder: two of its tile wrappers alone, and a
# small whole chip. The chips of mixed_mesh.h are emitted when the tests are built.
add_executable(rtl_emit_mixed_mesh emit_mixed_mesh.cpp ../codegen/synthetic.cpp)
target_link_libraries(rtl_emit_mixed_mesh PRIVATE tilewright::codegen tilewright::verify tilewright_flags)
target_compile_definitions(rtl_emit_mixed_mesh PRIVATE TILEWRIGHT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")

# emitted_chip(side): the chip of so many columns in mixed_mesh_SIDE/. emitted_model(NAME side ...): a model from it.
set(EMITTED_NAMES ${RTL_FILES})
list(TRANSFORM EMITTED_NAMES REPLACE "^.*/" "")
foreach(module pkg tile_cfg0 tile_cfg1 tile_shell tile top)
  list(APPEND EMITTED_NAMES "mixed_${module}.sv")
endforeach()
function(emitted_chip side)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/mixed_mesh_${side}")
  list(TRANSFORM EMITTED_NAMES PREPEND "${folder}/rtl/" OUTPUT_VARIABLE files)
  add_custom_command(OUTPUT "${folder}/rtl/filelist.f" ${files}
                     COMMAND rtl_emit_mixed_mesh "${folder}" ${side}
                     DEPENDS rtl_emit_mixed_mesh ${RTL_FILES} COMMENT "Emitting mixed_mesh_${side}" VERBATIM)
endfunction()
emitted_chip(2)
emitted_chip(3)

function(emitted_model name side)
  set(emitted "${CMAKE_CURRENT_BINARY_DIR}/mixed_mesh_${side}/rtl")
  list(TRANSFORM EMITTED_NAMES PREPEND "${emitted}/" OUTPUT_VARIABLE files)
  rtl_model(${name} FILELIST "${emitted}/filelist.f" FILES ${files} ${ARGN})
endfunction()
foreach(side 2 3)
  emitted_model(emitted_narrow_${side}_model ${side} TOP mixed_tile_cfg0 PREFIX Vnarrow
                PARAMETERS ImemFile="imem128.hex" WmemFile="wmem128.hex" DmemFile="dmem128.hex")
  emitted_model(emitted_wide_${side}_model ${side} TOP mixed_tile_cfg1 PREFIX Vwide
                PARAMETERS ImemFile="imem512.hex" WmemFile="wmem512.hex" DmemFile="dmem512.hex")
endforeach()
rtl_bench(emitted_tiles SOURCE emitted_tile_bench.cpp MODELS emitted_narrow_2_model emitted_wide_2_model FLOORS codegen)

emitted_model(emitted_mesh_model 2 TOP mixed_top PARAMETERS WholeChip=1 ImemDir="imem/" WmemDir="wmem/")
rtl_bench(emitted_mesh SOURCE emitted_mesh_bench.cpp MODELS emitted_mesh_model FLOORS codegen)

# The mesh put together of tile models against the flat model of the same chip.
foreach(side 2 3)
  emitted_model(cycle_mesh_flat_${side}_model ${side} BRIEF TOP cycle_mesh_top SOURCES cycle_mesh_top.sv)
  rtl_bench(cycle_mesh_${side}x${side} SOURCE cycle_mesh_bench.cpp FLOORS codegen verify DEFINES SIDE=${side}
            MODELS emitted_narrow_${side}_model emitted_wide_${side}_model cycle_mesh_flat_${side}_model)
endforeach()
