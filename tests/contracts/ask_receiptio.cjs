// Asks receiptio, a status client that is not ours, how a printer is; with text, prints it.
//   node ask_receiptio.cjs IP [TEXT]
const receiptio = require("receiptio");

const [address, text] = process.argv.slice(2);
const options = text ? "-p escpos -c 32 -t 5" : "-q printer";
receiptio.print(text || "", `-d ${address} ${options}`).then((said) => process.stdout.write(said));
