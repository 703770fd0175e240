Console.Error.WriteLine("zeroftp: no command is built in yet");
return 1;
