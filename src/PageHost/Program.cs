using Salus.PageHost;

return await PageServer.Create().RunAsync(args);
