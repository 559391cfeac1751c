// Bricks part a volume into blocks of 8 x 8 x 4 cells; a cell is what lies between neighboring voxels'
// centers, so that a sample of a brick is made of the brick's own 9 x 9 x 5 voxels. The first and last bricks
// reach to the faces.
const brick_cells = vec3i(8, 8, 4);
