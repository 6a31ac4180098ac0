return await Salus.Trustee.TrusteeServer.Create().RunAsync(args);
