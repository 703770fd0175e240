ZeroFtp.Host.Serving.SocketThreads.IsOwnProcess = true;
return await ZeroFtp.Host.Commands.ProgramCommands.RunAsync(args, Console.Out, Console.Error);
