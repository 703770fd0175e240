using ZeroFtp.Conformance.CommandLine;

return await Tool.RunAsync(args);
