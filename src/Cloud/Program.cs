using Salus.Cloud;

return await CloudServer.Create().RunAsync(args);
