internal import DMSCommand

await CommandLineProgram.run()
