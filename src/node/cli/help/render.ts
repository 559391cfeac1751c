import { STUDY_HELP } from "./study.js";

/** `hounsfield render --help` */
export const renderHelp = `Usage: hounsfield render STUDY --out FILE.png [options]

A picture of a CT volume, drawn by WebGPU without a window.

  --out FILE.png        written when it is complete, replacing what was there
  --size WxH            in pixels; 512x512 by default
  --projection NAME     rays through the volume: mip (default), minip, average,
                        dvr (volume rendering); a cut through it: axial,
                        coronal, sagittal, or oblique, which is turned as a
                        camera is
  --window NAME|LOW:HIGH
                        HU shown as black to white: lung, mediastinum,
                        soft-tissue, vessels, bone, full, or a range; by default
                        one that suits the projection
  --wl CENTER,WIDTH     the same by center and width

Rays:
  --azimuth DEG         round the head-foot axis: 0 from the front (default),
                        90 from the patient's left
  --elevation DEG       above the axial plane, -90 to 90: 90 from the head
  --roll DEG            turns the picture clockwise
  --perspective DEG     field of view, 1 to 120; 0, the default, for parallel
                        rays
  --slab MM[,CENTER]    only a slab of this thickness across the view, CENTER mm
                        behind the volume's middle
  --clip X,Y,Z,X,Y,Z    only a box, by two opposite corners: mm, LPS
  --preset NAME         of dvr, which it implies: lung, soft-tissue, bone
                        (default), vessels, airways
  --no-shading          of dvr: no light
  --cut-lungs [dim]     only the lungs and their airways; dim: the rest weakly
  --frames N            a turn round the volume: N pictures, FILE-000.png and on

Cuts:
  --slice N             of the volume's array, from 0, along the axis that the
                        cut crosses; the middle by default
  --position MM|X,Y,Z   where the cut lies, LPS: z of axial, y of coronal, x of
                        sagittal; or a point it goes through
  --slab MM             thickness; 0, the default, for the plane alone
  --slab-kind KIND      of a slab's values: maximum (default), minimum, average
  --interpolation KIND  nearest, linear (default), cubic

Both:
  --zoom FACTOR         1, the default, shows all of the volume
  --pan RIGHT,UP        mm: what of the volume is in the picture's middle
  --lungs               the lung mask over it: right lung red, left lung blue,
                        airways green
  --background R,G,B    0 to 1; black by default

States:
  --state FILE.json     a state as --save-state and JSON.stringify(view.state)
                        write it, whole or in part; options override it
  --save-state FILE.json
                        the state of the picture, to draw it again, here or in a
                        page

Input and machine:
  --series UID|NUMBER   which series, where a folder holds several
  --allow FAULTS        as for preprocess
  --skip-broken         as for preprocess
  --device auto|gpu     auto takes the GPU where there is one, else one played
                        by the CPU (SwiftShader), and says so
  --software            a GPU played by the CPU: slow
  --memory SIZE         the most that the volume and its pictures may take, as
                        600MB or 2GB: what is larger is drawn coarser
  --json                one report on stdout: state, geometry, adapter, times,
                        SHA-256 of the picture

${STUDY_HELP}`;
