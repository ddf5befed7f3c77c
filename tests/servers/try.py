import os, sys, subprocess, tempfile, time, signal, pwd
sys.path.insert(0,'.')
from catalog import SERVERS
P=os.environ["PORTEND"]
only=sys.argv[1:]
for s in SERVERS:
    if only and s.name not in only: continue
    if not s.path: print(s.name,"NOT INSTALLED"); continue
    for mode in ("number","listen"):
        cmd=getattr(s,mode)
        if not cmd: print(s.name,mode,"-"); continue
        d=tempfile.mkdtemp(prefix="srv"); os.chmod(d,0o777)
        port=int(subprocess.check_output([P,"find"]))
        s.write_files(d,port)
        fmt=dict(port=port,directory=d,path=s.path,folder=os.path.dirname(s.path))
        kw={}
        if s.user and os.getuid()==0:
            u=pwd.getpwnam(s.user); kw=dict(user=u.pw_uid,group=u.pw_gid,extra_groups=[])
        if s.prepare:
            r=subprocess.run(["sh","-c",s.prepare.format(**fmt)],capture_output=True,text=True,cwd=d,**kw)
            if r.returncode: print("PREPARE",r.stdout[-500:],r.stderr[-500:])
        words=[P,"reserve"]+(["--listen"] if mode=="listen" else [])+["--prefer",str(port),"--only-preferred","--","sh","-c",cmd.format(**fmt)]
        t0=time.time()
        p=subprocess.Popen(words,stdout=open(d+"/out","w"),stderr=subprocess.STDOUT,stdin=subprocess.DEVNULL,cwd=d,**kw)
        ok=False; err=None
        while time.time()-t0<25 and p.poll() is None:
            try:
                ok=s.answers(port)
                if ok: break
            except Exception as e: err=e
            time.sleep(.1)
        print(s.name,mode,"OK" if ok else f"FAILED {err} rc={p.poll()}", round(time.time()-t0,2), flush=True)
        if not ok: print(open(d+"/out").read()[-1500:])
        p.terminate()
        try: p.wait(20)
        except: print("  not ended by TERM"); p.kill()
