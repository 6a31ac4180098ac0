using Salus.Store;

return await StoreServer.Definition.RunAsync(args);
