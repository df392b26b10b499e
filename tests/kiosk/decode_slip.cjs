// Reads a slip's bytes with npos, a decoder that is not ours; prints every command, and the
// picture of every band as rows of 0 and 1.
//   node decode_slip.cjs SLIP.bin
const fs = require("node:fs");
const npos = require("npos");

npos.rules[0x1d]["(k"] = [0, "d16"];
npos.rules[0x1d]["(H"] = [0, "d16"];
const data = fs.readFileSync(process.argv[2]);

function picture(node) {
  const image = npos.codecs.raster.decode(data, [node]);
  const rows = [];
  for (let y = 0; y < image.height; y += 1) {
    let row = "";
    for (let x = 0; x < image.width; x += 1) row += image.getPixel(x, y) ? "0" : "1";
    rows.push(row);
  }
  return rows;
}

npos.parser().parse(data).then((read) => {
  if (read.error) throw read.error;
  const commands = read.tree.map((node) => {
    const name = `${node.ascii} ${node.fn}`;
    if (name === "GS v0") return { name, rows: picture(node) };
    return { name, argument: data[node.offset + 2] };
  });
  process.stdout.write(JSON.stringify(commands));
});
